import { configure } from '@testing-library/react'

// How long a test waits for what should come. Its own default of a second is too short for a busy machine, which may
// also have to load a page that is a chunk of its own.
configure({ asyncUtilTimeout: 20_000 })
