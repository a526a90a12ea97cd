#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { codeCacheFolder } from './code-cache.ts';

// Most of a start is reading and compiling modules. Where the folder cannot be used, that is done each time.
const folder = codeCacheFolder();
enableCompileCache(folder);
// For the threads.
process.env['NODE_COMPILE_CACHE'] ??= folder;

await import('./run.ts');
