import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { fileURLToPath } from 'node:url'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const shared = { '@shared': at('./src/shared') }

/** Packages with native code or that read files beside themselves; each is in `dependencies` too. */
const external = [
  /^onnxruntime-node(\/|$)/,
  /^node-datachannel(\/|$)/,
  /^classic-level(\/|$)/,
  /^@photostructure\/sqlite(\/|$)/,
  /^sodium-native(\/|$)/,
  /^@ffmpeg-installer\//,
]

export default defineConfig({
  main: {
    resolve: { alias: shared },
    build: {
      target: 'node20.18',
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          main: at('./src/main/app/main.ts'),
          'media-engine': at('./src/main/app/engines/media.ts'),
          'peer-engine': at('./src/main/app/engines/peer.ts'),
          'send-engine': at('./src/main/app/engines/send.ts'),
          'relay-engine': at('./src/main/app/engines/relay.ts'),
          'ledger-engine': at('./src/main/app/engines/ledger.ts'),
          'pull-engine': at('./src/main/app/engines/pull.ts'),
          'community-engine': at('./src/main/app/engines/community.ts'),
          'wallet-engine': at('./src/main/app/engines/wallet.ts'),
          'for-you-worker': at('./src/main/community/recommend/for-you-worker.ts'),
          'demo-worker': at('./src/main/media/demo/demo-worker.ts'),
          cli: at('./src/cli/main.ts'),
        },
        external: ['electron', ...external],
      },
    },
  },
  preload: {
    resolve: { alias: shared },
    build: {
      target: 'node20.18',
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          preload: at('./src/preload/preload.ts'),
          'sheet-preload': at('./src/preload/sheet-preload.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('./src/renderer'),
    resolve: { alias: { ...shared, '@': at('./src/renderer') } },
    plugins: [react()],
    build: {
      target: 'chrome130',
      minify: true,
      rolldownOptions: { input: [at('./src/renderer/index.html'), at('./src/renderer/sheet.html')] },
    },
  },
})
