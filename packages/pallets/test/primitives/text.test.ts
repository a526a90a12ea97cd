import { describe, expect, it } from 'vitest';

import { isImageName, isMultiaddr, isPeerId, isPlainText } from '../../src/primitives/text.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('text on chain', () => {
  it('is UTF-8 that shows as it is', () => {
    expect(['', 'eu-west', 'Zürich', 'AMD EPYC™ 7 (64 cores)', '東京'].map(utf8).every(isPlainText)).toBe(
      true,
    );
    const hostile = ['a\nb', 'a\0', '\u001b[31m', 'a\u2028b', 'abc\u202ecba', 'a\u200bb', '\ufeffa'];
    expect(hostile.map(utf8).filter(isPlainText)).toEqual([]);
    const invisible = [
      '\u00ad',
      '\u061c',
      '\u115f',
      '\u180e',
      '\u2060',
      '\u3164',
      '\ufe0f',
      '\u{e0041}',
      '\u{e0100}',
    ];
    expect(invisible.map((character) => utf8(`a${character}b`)).filter(isPlainText)).toEqual([]);
    expect(isPlainText(Uint8Array.of(0xc0, 0x80))).toBe(false);
  });

  it('names images so that no path and no shell is misled', () => {
    expect(['debian-13', 'ghcr.io/me/image:1.2', 'a@b+c_d'].map(utf8).every(isImageName)).toBe(true);
    const hostile = ['', '-rf', '/etc/passwd', '../x', 'a/../b', 'a/.b', 'a b', 'a;b', 'a$b', 'a\nb', 'ä'];
    expect(hostile.map(utf8).filter(isImageName)).toEqual([]);
  });

  it('knows peer ids', () => {
    const good = [
      '12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust',
      'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N',
    ];
    expect(good.map(utf8).every(isPeerId)).toBe(true);
    const bad = ['', '12D3KooW', '12D3KooW0YV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust', 'Qm', `${good[0]}x`];
    expect(bad.map(utf8).filter(isPeerId)).toEqual([]);
  });

  it('knows multiaddresses', () => {
    const good = ['/ip4/198.51.100.7/tcp/4001/ws', '/dns4/gw.example.org/tcp/443/wss', '/ip6/::1/tcp/1'];
    expect(good.map(utf8).every(isMultiaddr)).toBe(true);
    expect(['', '/', 'ip4/1', '/ip4//tcp', '/ip4/1 2', '/a\n'].map(utf8).filter(isMultiaddr)).toEqual([]);
  });
});
