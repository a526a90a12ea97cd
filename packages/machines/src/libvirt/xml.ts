import { MachineError } from '../errors.ts';

export type XmlElement = {
  name: string;
  attributes: Record<string, string | number | undefined>;
  children: readonly XmlChild[];
};
export type XmlChild = XmlElement | string | undefined;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
};
// Control characters but tab, line feed and carriage return; lone surrogates; two non-characters.
const ILLEGAL = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/u;

/** An element; attributes and children that are undefined are left out. */
export function xml(
  name: string,
  attributes: XmlElement['attributes'] = {},
  ...children: XmlChild[]
): XmlElement {
  return { name, attributes, children };
}

/** Text of an element, every value escaped. Throws `InvalidOrder` for characters that XML 1.0 cannot hold. */
export function renderXml({ name, attributes, children }: XmlElement): string {
  const held = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}='${escapeXml(String(value))}'`],
  );
  const inner = children.map((child) => {
    if (child === undefined) return '';
    return typeof child === 'string' ? escapeXml(child) : renderXml(child);
  });
  const body = inner.join('');
  return body === '' ? `<${name}${held.join('')}/>` : `<${name}${held.join('')}>${body}</${name}>`;
}

function escapeXml(text: string): string {
  if (ILLEGAL.test(text)) throw new MachineError('InvalidOrder', 'a value holds characters that XML cannot');
  return text.replace(/[&<>'"]/g, (char) => ENTITIES[char] ?? char);
}
