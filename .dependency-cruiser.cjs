// Who may import whom: docs/architecture.md says why. Each rule is an error.
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
const tests = '\\.test\\.tsx?$'

module.exports = {
  forbidden: [
    forbid('no-cycles', 'two files that need each other are one file, or three', {}, { circular: true }),
    forbid(
      'shared-imports-nothing',
      'shared runs anywhere',
      { path: '^src/shared', pathNot: tests },
      { pathNot: '^src/shared|node_modules/valibot' },
    ),
    forbid(
      'std-imports-nothing',
      'std is below everything',
      { path: '^src/shared/std', pathNot: tests },
      { pathNot: '^src/shared/std' },
    ),
    forbid(
      'areas-are-strangers',
      'floor areas of core meet in core.ts as function types',
      { path: '^src/main/core/(machines|tunnel|engine|agent|settings)/', pathNot: tests },
      { path: '^src/main', pathNot: '^src/main/core/($1|platform)/' },
    ),
    forbid(
      'services-use-engine',
      'the nouns of core stand on engine and inventory, never on each other',
      { path: '^src/main/core/([^/]+)/', pathNot: `${tests}|^src/main/core/(api|wiring)/` },
      { path: '^src/main', pathNot: '^src/main/core/($1|engine|agent|inventory|platform)/' },
    ),
    forbid(
      'wiring-is-core-only',
      'what joins the parts is known to core.ts alone',
      { path: '^src', pathNot: `${tests}|^src/main/core/(core\\.ts$|wiring/)` },
      { path: '^src/main/core/wiring/' },
    ),
    forbid(
      'only-core-wires',
      'core.ts joins the parts',
      { path: '^src/main', pathNot: `${tests}|^src/main/core/core\\.ts$|^src/main/(serve|cli|desktop)/` },
      { path: '^src/main/core/core\\.ts$' },
    ),
    forbid(
      'ssh2-has-one-door',
      'whoever wants SSH asks the tunnel, which always looks at the host key',
      { path: '^src', pathNot: `^src/main/core/tunnel/|${tests}` },
      { path: '^ssh2$|node_modules/(@types/)?ssh2/' },
    ),
    forbid(
      'electron-at-the-edge',
      'everything but the shell runs without Electron',
      { path: '^src/(main|shared|renderer)', pathNot: `^src/main/desktop/|${tests}` },
      { path: '^electron$|node_modules/electron/' },
    ),
    forbid(
      'faces-meet-core-by-contract',
      'desktop, serve and cli know core.ts and the floor only',
      { path: '^src/main/(desktop|serve|cli)/', pathNot: tests },
      { path: '^src/main/core/', pathNot: '^src/main/core/(core\\.ts$|platform/)' },
    ),
    forbid(
      'renderer-stays-in-the-browser',
      'the window has no Node',
      { path: '^src/(renderer|preload)', pathNot: tests },
      { path: '^src/main' },
    ),
    forbid(
      'no-node-in-the-window',
      'the window has no Node',
      { path: '^src/(renderer|shared)', pathNot: tests },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'features-are-strangers',
      'a feature folder knows the kit, the store and the bridge',
      { path: '^src/renderer/features/([^/]+)/', pathNot: tests },
      { path: '^src/renderer/features/', pathNot: '^src/renderer/features/$1/' },
    ),
    forbid(
      'ui-is-dumb',
      'ui draws what it is given',
      { path: '^src/renderer/ui/', pathNot: tests },
      { path: '^src', pathNot: '^src/renderer/ui/|^src/shared/std/' },
    ),
    forbid(
      'store-below-features',
      'the store knows no component',
      { path: '^src/renderer/(store|api)/', pathNot: tests },
      { path: '^src/renderer/(features|app|ui)/' },
    ),
    forbid('not-to-unresolvable', 'an import must lead somewhere', {}, { couldNotResolve: true }),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.tests.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.d.ts'],
    },
  },
}
