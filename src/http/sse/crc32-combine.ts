/** Joins the CRC-32 of two pieces without reading them again (the method of zlib's crc32_combine). */

/** CRC of the two pieces one after the other; `operator` is that of the second one's length. */
export function combineCrc32(first: number, second: number, operator: number): number {
  return (multiply(operator, first) ^ second) >>> 0
}

/** x^(8·bytes) modulo the polynomial: what appending that many bytes does to a CRC. */
export function lengthOperator(bytes: number): number {
  let product = one
  let power = x8
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) product = multiply(power, product)
    power = multiply(power, power)
  }
  return product
}

/** Polynomials have their x^0 in the highest bit, as the CRC itself. */
const polynomial = 0xedb88320
const one = 0x80000000
const x8 = 0x00800000

function multiply(a: number, b: number): number {
  let product = 0
  let shifted = b
  for (let mask = one; mask !== 0; mask >>>= 1) {
    if ((a & mask) !== 0) product ^= shifted
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ polynomial
  }
  return product >>> 0
}
