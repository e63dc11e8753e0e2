import { configure } from '@testing-library/react'

// How long a test waits for what should come. Its own default of a second is too short for a busy machine.
configure({ asyncUtilTimeout: 10_000 })
