import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  // Any static server, at any path, can serve the page: files are found relative to it, routes are in the hash.
  base: './',
  plugins: [vue()],
  build: { target: 'es2023', chunkSizeWarningLimit: 1500 },
  server: { host: '127.0.0.1' },
});
