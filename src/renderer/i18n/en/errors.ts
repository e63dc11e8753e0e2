import { machineErrors } from './machine-errors'

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
  theKey: 'another key',
  theAnswer: 'an answer',
  theTarget: 'the engine',
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
    authority:
      'Its certificate is not from the CA in the CA file. Name the CA file that belongs to this engine.',
    name: 'Its certificate is for another host name. Use the name that stands in the certificate.',
    date: 'Its certificate has expired or is not valid yet. Renew it, or check the clocks of both hosts.',
    refused:
      'The engine refused your certificate. Name the certificate and key that were made for this engine.',
    files: 'The files do not fit: each must be PEM, and the key must belong to the certificate.',
    unreadable: '{{path}} cannot be read. Correct the path, or its permissions.',
    wanted: 'It wants TLS. Switch encryption on and name the files.',
    plain: 'It speaks no TLS at this port. Check the port, or switch encryption off.',
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
    by: '{{name}} is used by {{users}}. Stop or remove that first, or force the removal.',
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
  ...machineErrors,
  tunnelUnreachable: {
    title: 'The host cannot be reached',
    text: 'There is no SSH connection to {{name}}. Check the address, the network and whether its SSH server runs; Slipway tries again by itself.',
  },
  tunnelSilent: {
    title: 'The host keeps silent',
    text: '{{name}} did not answer in time. It may be busy or its network slow: wait, or check the host.',
  },
  tunnelBadAnswer: {
    title: 'No SSH that Slipway accepts',
    text: '{{name}} does not speak SSH, or only with methods that are no longer safe. Check the port, or update its SSH server.',
  },
  tunnelAuth: {
    title: 'The login was refused',
    text: '{{name}} took none of the keys and answers. Check the user name, load the right key into your SSH agent, or name a key file.',
  },
  tunnelKeyChanged: {
    title: 'The host shows another key than before',
    text: '{{name}} should have {{expected}} and shows {{got}}. Someone may be listening in, or the host was set up anew. Nothing was sent. Ask its administrator; if the new key is right, remove the old line from {{path}}.',
  },
  tunnelForbidden: {
    title: 'The host does not allow this way',
    text: '{{name}} forbids a connection to {{target}}. Its SSH server must allow forwarding (AllowTcpForwarding, AllowStreamLocalForwarding).',
  },
  tunnelRefused: {
    title: 'Nothing answers there on the host',
    text: '{{name}} cannot reach {{target}}. Start what should answer there; Slipway tries again by itself.',
  },
  tunnelBusy: {
    title: 'The host allows no more connections',
    text: 'All channels that {{name}} allows are in use. Close terminals and logs, or raise MaxSessions of its SSH server.',
  },
  tunnelLost: {
    title: 'The connection to the host was lost',
    text: '{{name}} is no longer reached. Slipway connects again by itself when it is back.',
  },
  sshUnknownHost: {
    title: 'This host is not known yet',
    text: '{{name}} shows the {{keyType}} key {{fingerprint}}. Compare it with what its administrator tells you, and accept it only if it is the same.',
  },
  sshNeedsAnswer: {
    title: 'The login needs an answer from you',
    text: '{{name}} asks: {{prompt}}',
  },
  sshRevoked: {
    title: 'The host’s key was revoked',
    text: '{{path}} marks the key {{fingerprint}} of {{name}} as revoked. Nothing was sent. Ask its administrator.',
  },
  sshNoEngine: {
    title: 'No engine was found on the host',
    text: '{{name}} was reached, but your user there finds no Docker socket. Start Docker there, or add the user to the group docker.',
  },
  sshConfig: {
    title: 'The SSH configuration cannot be used',
    text: 'Correct {{path}} and try again.',
  },
  noShell: {
    title: 'No shell in this container',
    text: 'The image has none of the shells that Slipway knows. Name a program to run instead.',
  },
  terminalEnded: { title: 'The terminal has ended', text: 'Open a new one.' },
  terminalUnknown: { title: 'The terminal is gone', text: 'Core was restarted since. Open a new one.' },
  terminalAgentLost: {
    title: 'The agent that held the terminal stopped',
    text: 'Open it again: the Engine API serves until the agent is back.',
  },
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
  portForbidden: {
    title: 'This computer does not give out port {{port}}',
    text: 'Ports below 1024 are kept to administrators here. Publish the container on a higher port, or let this user use low ports.',
  },
  portUnsupported: {
    title: 'Port {{port}} cannot be published from this machine',
    text: 'This kind of machine has no way for this protocol. Use a machine on QEMU, or TCP.',
  },
  shareRefused: {
    title: 'This folder cannot be shared: {{path}}',
    text: 'The machine itself lives in a folder of that name, or it holds Slipway’s own files. Share another folder, or a folder inside of it.',
  },
  resetIncomplete: {
    title: 'Not everything could be removed',
    text: 'All else is gone. What stayed is named below with its reason; reset again to try it once more.',
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
