/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { govTrim } from './build/gov-trim.ts'
import { icons } from './build/icons.ts'
import { layers } from './build/layers.ts'
import { readerWorker } from './build/reader-worker.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const api = `http://127.0.0.1:${process.env['PORT'] ?? '8080'}`

export default defineConfig({
  root: here('.'),
  appType: 'mpa',
  plugins: [icons(), react({ jsxImportSource: '@/lib/typeset' }), readerWorker()],
  resolve: { alias: { '@': here('./src') } },
  css: { postcss: { plugins: [govTrim(), layers()] } },
  server: { host: '127.0.0.1', proxy: { '/v1': api, '/docs': api, '/posta': api } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the content policy allows no data: scripts or fonts
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        www: here('./index.html'),
        moje: here('./moje/index.html'),
        admin: here('./admin/index.html'),
        reader: here('./reader/index.html'),
      },
    },
  },
  test: { include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'], environment: 'node', setupFiles: 'tests/day.ts' },
})
