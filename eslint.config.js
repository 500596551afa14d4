import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** Folder directions of docs/ARCHITECTURE.md, stated once. Patterns match the import text. */
const forbid = (...groups) => ({
  'no-restricted-imports': ['error', { patterns: groups.map(([group, message]) => ({ group, message })) }],
})
const noElectron = [['electron', 'electron/*'], 'Only src/main/app and *.electron.ts know Electron.']
const DOMAINS = ['media', 'peer', 'relay', 'wallet', 'ledger', 'community']

export default tseslint.config(
  {
    ignores: [
      'out/**',
      'dist/**',
      'release/**',
      '.tsc/**',
      'artifacts/**',
      'test-results/**',
      'playwright-report/**',
      'resources/**',
      'stubs/**',
      'src/main/media/*/wasm/**', // AssemblyScript: other types
      'src/main/platform/ed25519/wasm/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.shared.json', './tsconfig.node.json', './tsconfig.web.json', './tsconfig.e2e.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess makes it needed in pixel loops
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        TextDecoder: 'readonly',
        TextEncoder: 'readonly',
        performance: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  {
    files: ['src/main/relay/page/*.js'], // served to browsers
    languageOptions: {
      globals: Object.fromEntries(
        ['window', 'document', 'location', 'localStorage', 'addEventListener', 'Option']
          .concat(['HTMLSelectElement', 'HTMLButtonElement', 'HTMLInputElement'])
          .map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat['recommended-latest'],
  },
  {
    files: ['src/shared/**'],
    ignores: ['**/*.test.ts'],
    rules: forbid(noElectron, [['node:*', '**/main/**'], 'shared is pure.']),
  },
  {
    files: ['src/main/platform/**'],
    rules: forbid(noElectron, [DOMAINS.map((d) => `**/${d}/**`), 'platform is below the domains.']),
  },
  ...DOMAINS.map((domain) => ({
    files: [`src/main/${domain}/**`],
    ignores: ['**/*.electron.ts'],
    rules: forbid(noElectron, [
      [
        ...DOMAINS.filter((d) => d !== domain).map((d) => `**/main/${d}/**`),
        ...DOMAINS.filter((d) => d !== domain).map((d) => `../${d}/**`),
        ...DOMAINS.filter((d) => d !== domain).map((d) => `../../${d}/**`),
        '**/app/**',
      ],
      'Domains meet at a port or an interface in shared, not by import.',
    ]),
  })),
  {
    files: ['src/cli/**'],
    rules: forbid(noElectron, [['**/main/app/**', '**/*.electron'], 'The command never needs the app.']),
  },
  {
    files: ['src/renderer/**', 'src/preload/**'],
    rules: forbid([['**/main/**', 'node:*'], 'The renderer holds no keys, no business rules and no Node.']),
  },
)
