/*-------------------------------------------------------------------------
 *
 * number.c
 *	  libFuzzer target: any bytes as a business number or program account.
 *
 * Checks what must hold whatever the bytes are: what is accepted comes out
 * canonical and goes in again; a text is equal to a value if and only if it is
 * good input for it; order and hash agree with equality.
 *
 *	  clang -g -O1 -fsanitize=fuzzer,address,undefined -Isrc \
 *		  test/fuzz/number.c src/number.c
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "number.h"

#define CHECK(condition) \
	do { if (!(condition)) abort(); } while (0)

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_kind(NumberKind kind, const char *s, size_t len, NumberSpaces spaces)
{
	NumberParse parse;
	char		canonical[NUMBER_BUFFER];
	uint64_t	again;
	size_t		n;

	if (number_parse(kind, s, len, spaces, &parse) != NUMBER_OK)
	{
		CHECK(parse.offset <= len);
		/* not even the value that its letters and digits would make is equal */
		if (number_read(kind, parse.compact, strlen(parse.compact), &again))
			CHECK(number_compare_text(kind, again, s, len, spaces) != 0);
		return;
	}
	n = number_format(kind, parse.value, canonical);
	CHECK(number_read(kind, canonical, n, &again) && again == parse.value);
	CHECK(number_compare_text(kind, parse.value, s, len, spaces) == 0);
	CHECK(number_compare_texts(canonical, n, s, len, spaces) == 0);
	CHECK(number_hash_text(s, len, spaces, 7) == number_hash(parse.value, 7));
	again = parse.value;
	if (number_next(kind, &again))
	{
		CHECK(again > parse.value);
		CHECK(number_compare_text(kind, again, s, len, spaces) > 0);
		CHECK(number_previous(kind, &again) && again == parse.value);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	NumberSpaces spaces;
	const char *s;
	size_t		half;
	int			order;

	if (size == 0)
		return 0;
	spaces = (NumberSpaces) (data[0] % 3);
	s = (const char *) data + 1;
	size--;
	check_kind(NUMBER_BN9, s, size, spaces);
	check_kind(NUMBER_ACCOUNT, s, size, spaces);

	half = size / 2;
	order = number_compare_texts(s, half, s + half, size - half, spaces);
	CHECK(order == -number_compare_texts(s + half, size - half, s, half, spaces));
	CHECK(number_compare_texts(s, size, s, size, spaces) == 0);
	if (order == 0)
		CHECK(number_hash_text(s, half, spaces, 0) ==
			  number_hash_text(s + half, size - half, spaces, 0));
	return 0;
}
