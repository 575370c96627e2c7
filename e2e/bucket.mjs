// Controls the bucket of the tests with S3.
export const { S3_URL, BUCKET_URL, ACCOUNT_PASSWORD } = process.env

async function control(method, path, parameters) {
  const res = await fetch(`${BUCKET_URL}/${path}?${new URLSearchParams(parameters)}`, { method })
  if (!res.ok) throw new Error(`${method} ${path}: ${res.status}`)
  return res
}

/** Sets how far the clock of the bucket is ahead. @param {string} ahead such as 16m */
export const setClock = (ahead) => control('POST', 'clock', { ahead })

/** Sets the only origin whose pages may read the bucket's responses. @param {string} origin or blank for none */
export const allowOrigin = (origin) => control('POST', 'cors', { origin })

/** Returns how many requests the bucket has received. @returns {Promise<Record<'GetObject'|'HeadObject'|'OPTIONS', number>>} */
export const counts = async () => (await control('GET', 'counts', {})).json()
