/** For a stream's handler that takes none. */
export async function* noInput(): AsyncGenerator<never> {
  await Promise.resolve()
}
