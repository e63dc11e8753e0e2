export const errors = {
  theEngine: 'the engine',
  theObject: 'the object',
  theFile: 'the file',
  thePort: 'the port',
  another: 'another program',
  theImage: 'the image',
  theRegistry: 'the registry',
  theStart: 'starting',
  aField: 'a field',
  engineUnreachable: {
    title: 'The engine does not answer',
    text: 'Nothing answers at {{address}}. Start the engine; Slipway connects by itself when it is there.',
  },
  socketMissing: {
    title: 'There is no engine at this address',
    text: '{{address}} does not exist. Start Docker, or correct the address in Settings.',
  },
  engineForbidden: {
    title: 'You may not use this engine',
    text: 'Your user may not open {{address}}. Add it to the group “{{group}}”, log out and in again, and try again.',
  },
  notResponding: {
    title: 'The engine keeps silent',
    text: '{{address}} took the request and did not answer in time. It may be busy or hung: wait, or restart the engine.',
  },
  tooOld: {
    title: 'The engine is too old',
    text: 'Slipway needs API version {{version}} or newer. Update the engine.',
  },
  tls: {
    title: 'No secure connection to the engine',
    text: 'The engine or its certificate was not accepted. Check the CA, certificate and key files in Settings.',
  },
  badAnswer: {
    title: 'This does not answer like a Docker engine',
    text: 'Check that {{address}} is the address of a Docker Engine API and not of something else.',
  },
  unsupported: {
    title: 'This engine cannot do that',
    text: 'Its API version lacks the feature. Update the engine to use it.',
  },
  engineFailed: {
    title: 'The engine failed',
    text: 'The engine reported an error of its own. Try again; when it stays, its log tells more.',
  },
  engineUnknown: {
    title: 'This engine is no longer in the list',
    text: 'It was removed, or its address changed. Choose another engine.',
  },
  notFound: { title: 'It is no longer there', text: 'The engine does not know {{name}} any more.' },
  conflict: {
    title: 'The engine refused: something is in the way',
    text: 'The name may be taken, or the object may be in a state that does not allow this. Change that and try again.',
  },
  inUse: {
    title: 'It is still in use',
    text: 'Something still uses {{name}}. Stop or remove that first, or force the removal.',
  },
  requestInvalid: {
    title: 'The engine did not accept this',
    text: 'Correct what the engine names below, and try again.',
  },
  unauthorized: {
    title: 'Not allowed',
    text: 'Your access was refused. Check the credentials and try again.',
  },
  registryUnauthorized: {
    title: 'The registry wants a login',
    text: '{{registry}} refused. Log in with docker login, and check that the name is right: private and missing images look the same.',
  },
  registryNotFound: {
    title: 'There is no such image',
    text: '{{reference}} is not in the registry. Check the name and the tag.',
  },
  registryUnreachable: {
    title: 'The registry cannot be reached',
    text: '{{registry}} does not answer. Check the network, the proxy of the engine and the address.',
  },
  rateLimited: {
    title: 'Too many pulls',
    text: '{{registry}} limits how much may be pulled. Log in, or try again later.',
  },
  imageDamaged: {
    title: 'The image data is damaged or of the wrong kind',
    text: 'Pull it again, or choose a file that docker save has made.',
  },
  portInUse: {
    title: 'Port {{port}} is taken',
    text: 'It is used by {{holder}}. Choose another host port, or stop what uses it.',
  },
  diskFull: {
    title: 'The disk is full',
    text: 'The engine has no room left. Clean up images, volumes or containers, and try again.',
  },
  startFailed: {
    title: 'The engine could not be started',
    text: 'It failed at: {{stage}}. The engine page shows its log.',
  },
  notOurs: {
    title: 'Slipway does not run this engine',
    text: 'Start and stop it where it was started, for example with systemctl.',
  },
  noShell: {
    title: 'No shell in this container',
    text: 'The image has none of the shells that Slipway knows. Name a program to run instead.',
  },
  terminalEnded: { title: 'The terminal has ended', text: 'Open a new one.' },
  terminalUnknown: { title: 'The terminal is gone', text: 'Core was restarted since. Open a new one.' },
  settingsReadOnly: {
    title: 'Settings cannot be saved',
    text: '{{path}} cannot be written. Check its permissions; until then changes last until Slipway ends.',
  },
  coreGone: {
    title: 'Slipway’s core is not reachable',
    text: 'The window connects again by itself. If it lasts, start Slipway again.',
  },
  inputInvalid: {
    title: 'Something is not filled in right',
    text: 'Check {{field}} and try again.',
  },
  callUnknown: {
    title: 'The window and the core do not fit together',
    text: 'They are of different versions. Restart Slipway.',
  },
  streamBroken: {
    title: 'The connection was disturbed',
    text: 'Try again. If it happens again, restart Slipway.',
  },
  fileFailed: {
    title: 'The file could not be used',
    text: '{{path}} could not be read or written. Check that it exists and that you may use it.',
  },
  cancelled: { title: 'Cancelled', text: 'It was stopped before it was done.' },
  bug: {
    title: 'Something went wrong inside Slipway',
    text: 'This is our mistake, not yours. Try again; the log file named in Settings tells more.',
  },
}
