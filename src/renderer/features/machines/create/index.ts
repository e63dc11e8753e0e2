// A way in of its own: the first page of a fresh computer shows this and nothing else of machines.
export { MachineOnboarding } from './Onboarding'
