import tseslint from 'typescript-eslint';

const pureCore = 'core/ is pure: no I/O, no clock, no randomness. Time and bytes come in as arguments.';

export default tseslint.config(
  { ignores: ['node_modules/**', 'bench/.cache/**', 'web/dist*/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'error',
    },
  },
  { files: ['cli/**', 'scripts/**', 'lab/**', 'bench/**', 'fuzz/**'], rules: { 'no-console': 'off' } },
  {
    files: ['src/core/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'setTimeout', 'setInterval', 'performance', 'console', 'crypto'].map((name) => ({
          name,
          message: pureCore,
        })),
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "MemberExpression[object.name='Math'][property.name='random']", message: pureCore },
        { selector: "MemberExpression[object.name='Date'][property.name='now']", message: pureCore },
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: pureCore },
      ],
    },
  },
);
