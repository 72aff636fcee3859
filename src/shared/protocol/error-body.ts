/** The wire form of an error. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string }
}
