/*-------------------------------------------------------------------------
 *
 * fuzz.h
 *	  What the libFuzzer targets share.
 *
 * A target feeds any bytes to functions of src/core and compares what they do
 * with an oracle: the plainest way to the same answer, written here a second
 * time and sharing nothing with core but its headers. See test/suites/fuzz/run.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_FUZZ_H
#define CARM_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

#define LENGTH_OF(array)	(sizeof(array) / sizeof((array)[0]))

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

__extension__ typedef unsigned __int128 Wide;

/* An input, taken from the front; zeros once it is used up. */
typedef struct Input
{
	const uint8_t *next;
	const uint8_t *end;
} Input;

static inline uint64_t
take_bytes(Input *input, int count)
{
	uint64_t	value = 0;

	for (int i = 0; i < count && input->next < input->end; i++)
		value |= (uint64_t) *input->next++ << (8 * i);
	return value;
}

/* A number of 128 bits of which most are small: its first byte says how long. */
static inline Wide
take_wide(Input *input)
{
	int			length = (int) (take_bytes(input, 1) % 17);
	Wide		low = take_bytes(input, length < 8 ? length : 8);

	return length <= 8 ? low : low | (Wide) take_bytes(input, length - 8) << 64;
}

/*
 * Whole numbers as decimal digits, without leading zeros ("" for 0): as long as
 * they like, and compared by length and then by digit.
 */
#define DECIMAL_SIZE	64

static inline const char *
decimal_of(Wide value, char decimal[DECIMAL_SIZE])
{
	char	   *p = decimal + DECIMAL_SIZE - 1;

	*p = '\0';
	for (; value != 0; value /= 10)
		*--p = (char) ('0' + (int) (value % 10));
	return memmove(decimal, p, (size_t) (decimal + DECIMAL_SIZE - p));
}

static inline int
decimal_compare(const char *a, const char *b)
{
	while (*a == '0')
		a++;
	while (*b == '0')
		b++;
	if (strlen(a) != strlen(b))
		return strlen(a) < strlen(b) ? -1 : 1;
	return strcmp(a, b);
}

/* 2^127 - 1, the highest amount in 10^-8 dollars */
#define HIGHEST_DECIMAL	"170141183460469231731687303715884105727"

#endif							/* CARM_FUZZ_H */
