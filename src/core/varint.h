/*-------------------------------------------------------------------------
 *
 * varint.h
 *	  Numbers in groups of seven bits, a word at a time.
 *
 * A varint is base 128, least significant group first; all its bytes but the
 * last have the high bit set. Those of up to eight bytes are read and written
 * without a loop or a branch on their length, which would be guessed wrong as
 * often as not.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_VARINT_H
#define CARM_VARINT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define VARINT_MORE		0x80
#define VARINT_BITS		7

/* A word of a varint, its first byte the least significant. */
#define VARINT_WORD_SIZE	8
#define VARINT_WORD_BITS	(VARINT_WORD_SIZE * VARINT_BITS)
#define VARINT_WORD_MORE	UINT64_C(0x8080808080808080)
/* ... and where any of eight bytes would be too high to be summed. */
#define VARINT_WORD_LONG	UINT64_C(0xE0E0E0E0E0E0E0E0)

static inline uint64_t
varint_load(const uint8_t *bytes)
{
	uint64_t	word;

	memcpy(&word, bytes, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

static inline void
varint_put(uint8_t *bytes, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	memcpy(bytes, &word, sizeof(word));
}

/* A bit for every byte that ends a varint: its high bit. */
static inline uint64_t
varint_ends(uint64_t word)
{
	return ~word & VARINT_WORD_MORE;
}

/* A bit for every byte of 0: its high bit. */
static inline uint64_t
varint_zeros(uint64_t word)
{
	return ~((word & ~VARINT_WORD_MORE) + ~VARINT_WORD_MORE) &
		varint_ends(word);
}

/* The sum of a word's bytes, if that is a byte. */
static inline int
varint_sum_bytes(uint64_t word)
{
	return (int) (word * UINT64_C(0x0101010101010101) >> 56);
}

/* How many bytes there are up to the first end. */
static inline int
varint_first_length(uint64_t ends)
{
	return (__builtin_ctzll(ends) + 1) / 8;
}

/* The number whose groups stand in the first bytes of a word. */
static inline uint64_t
varint_gather(uint64_t word, int length)
{
	word &= UINT64_C(0x7F7F7F7F7F7F7F7F) >> 8 * (VARINT_WORD_SIZE - length);
	word = (word & UINT64_C(0x007F007F007F007F)) |
		(word & UINT64_C(0x7F007F007F007F00)) >> 1;
	word = (word & UINT64_C(0x00003FFF00003FFF)) |
		(word & UINT64_C(0x3FFF00003FFF0000)) >> 2;
	return (word & UINT64_C(0x000000000FFFFFFF)) |
		(word & UINT64_C(0x0FFFFFFF00000000)) >> 4;
}

/* Writes a number of up to 56 bits into eight bytes; gives how many count. */
static inline int
varint_write_word(uint8_t *bytes, uint64_t number)
{
	int			length = (63 - __builtin_clzll(number | 1)) / VARINT_BITS + 1;
	uint64_t	word = number;

	word = (word & UINT64_C(0x000000000FFFFFFF)) |
		(word & UINT64_C(0x00FFFFFFF0000000)) << 4;
	word = (word & UINT64_C(0x00003FFF00003FFF)) |
		(word & UINT64_C(0x0FFFC0000FFFC000)) << 2;
	word = (word & UINT64_C(0x007F007F007F007F)) |
		(word & UINT64_C(0x3F803F803F803F80)) << 1;
	varint_put(bytes, word | (VARINT_WORD_MORE &
								((UINT64_C(1) << 8 * (length - 1)) - 1)));
	return length;
}

static inline uint64_t
varint_zigzag(int64_t value)
{
	return (uint64_t) value << 1 ^ (uint64_t) (value >> 63);
}

static inline int64_t
varint_unzigzag(uint64_t code)
{
	return (int64_t) (code >> 1) ^ -(int64_t) (code & 1);
}

#endif							/* CARM_VARINT_H */
