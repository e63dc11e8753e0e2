import tseslint from 'typescript-eslint'
import hooks from 'eslint-plugin-react-hooks'
import a11y from 'eslint-plugin-jsx-a11y'

const size = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  complexity: ['error', 12],
  'max-params': ['error', 3],
}

const safety = {
  'no-eval': 'error',
  'no-console': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  'no-restricted-syntax': [
    'error',
    { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
    { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Text is text.' },
  ],
}

export default tseslint.config(
  {
    ignores: ['dist', 'release', 'test-results', 'node_modules', '**/*.cjs', '**/*.mjs', 'eslint.config.js'],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.tests.json', './src/*/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  { rules: { ...size, ...safety } },
  {
    files: ['src/renderer/**/*.tsx'],
    plugins: { 'react-hooks': hooks, 'jsx-a11y': a11y },
    rules: {
      ...hooks.configs.recommended.rules,
      ...a11y.configs.recommended.rules,
      'jsx-a11y/no-autofocus': ['error', { ignoreNonDOM: true }],
    },
  },
  // Config files and Playwright's own config must export a default.
  { files: ['*.config.ts', 'e2e/playwright.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  // The log is the one place that writes to the console; commands write to their person.
  {
    files: [
      'src/main/core/platform/log.ts',
      'scripts/**',
      'bench/**',
      'src/main/cli/**',
      'src/main/serve/index.ts',
    ],
    rules: { 'no-console': 'off' },
  },
)
