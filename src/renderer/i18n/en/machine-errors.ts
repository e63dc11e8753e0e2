/** What can go wrong with machines. */
export const machineErrors = {
  startFailed: {
    title: 'The engine could not be started',
    text: 'It failed at: {{stage}}. The engine page shows its log.',
  },
  notOurs: {
    title: 'Slipway does not run this engine',
    text: 'Start and stop it where it was started, for example with systemctl.',
  },
  machineUnknown: {
    title: 'This machine is no longer there',
    text: 'It was removed. Choose another machine.',
  },
  machineNameTaken: {
    title: 'The name is taken',
    text: 'There is a machine {{name}} already. Choose another name.',
  },
  machineWrongState: {
    title: 'Not possible in the machine’s present state',
    text: '{{name}} is in a state that does not allow this. Start or shut it down first.',
  },
  machineUnavailable: {
    title: 'No working hypervisor',
    text: 'Slipway needs one to run a machine here. Install what is named below, or choose another hypervisor.',
  },
  machineBootTimeout: {
    title: 'The machine did not start in time',
    text: 'It stopped at: {{stage}}. The console shows how far it came; start it again, or give it more time on a busy computer.',
  },
  machineCrashed: {
    title: 'The machine’s kernel crashed',
    text: 'The console shows its last words. Start the machine again: its disk repairs itself.',
  },
  machineEnded: {
    title: 'The machine ended by itself',
    text: 'Its hypervisor stopped without being asked. Start it again: its disk repairs itself.',
  },
  machineFrozen: {
    title: 'The machine does not move',
    text: 'Its hypervisor does not answer. Wait, or stop it hard and start it again.',
  },
  machineDiskInUse: {
    title: 'The machine’s disk is in use',
    text: 'Another program uses {{path}}. End it, then start the machine again.',
  },
  machineDiskFailed: {
    title: 'The machine’s disk could not be prepared',
    text: '{{path}} could not be made or changed. Check the free space and the permissions of its folder.',
  },
  machineDiskMissing: {
    title: 'The machine’s disk is missing',
    text: 'It is not at {{path}}. Connect or mount its drive, then start the machine again. If you moved the disk, set its folder in the machine’s settings. If it is gone for good, reset the machine: it then gets an empty one.',
  },
  machineDiskShrink: {
    title: 'A disk can grow, not shrink',
    text: 'Choose a size that is not below the present one, or reset the machine.',
  },
  machineSuspendFailed: {
    title: 'The machine could not be suspended',
    text: 'It goes on as it was. Shut it down instead, or try again.',
  },
  machineGuestFailed: {
    title: 'The machine could not do that',
    text: 'A program inside the machine failed. Its words stand below; try again, or restart the machine.',
  },
  machineImageMissing: {
    title: 'There is no machine image for this computer',
    text: 'This version of Slipway brings none. Build one from its sources on Linux (npm run vm:build), or set SLIPWAY_IMAGE_URL and SLIPWAY_IMAGE_KEY.',
  },
  machineImageFetch: {
    title: 'The machine image could not be downloaded',
    text: 'Check the connection and try again: what has come already is kept.',
  },
  machineImageBuild: {
    title: 'The machine image could not be built',
    text: 'What the build said stands below. On Debian, npm start -- --machine vm installs the tools that it needs.',
  },
  machineImageDamaged: {
    title: 'The machine image is not the one that was promised',
    text: 'Its signature or its checksum is wrong, so it was not used. Try again; if it stays so, somebody on the way may be changing downloads.',
  },
  machineDaemonJson: {
    title: 'The engine would not start with this configuration',
    text: 'The old one stays in force. Correct what is named below and try again.',
  },
  machineNameDiffers: {
    title: 'That is not the machine’s name',
    text: 'Type the name exactly as it is shown; nothing was deleted.',
  },
}
