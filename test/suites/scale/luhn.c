/*-------------------------------------------------------------------------
 *
 * luhn.c
 *	  Every nine-digit number of a range: is exactly what the schoolbook says
 *	  a business number, and does it come out as it went in?
 *
 *	  gcc -O2 -Isrc/core -o luhn test/suites/scale/luhn.c src/core/number.c \
 *		  src/core/number_fault.c src/core/number_text.c src/core/poll.c
 *	  ./luhn FROM UNTIL
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number_text.h"

/* From the right, every second digit is doubled; the digits add up to tens. */
static bool
schoolbook(const char *digits)
{
	int			sum = 0;

	for (int i = 0; i < 9; i++)
	{
		int			d = digits[8 - i] - '0';

		if (i % 2 == 1)
			d = 2 * d;
		sum += d / 10 + d % 10;
	}
	return sum % 10 == 0 && strcmp(digits, "000000000") != 0;
}

int
main(int argc, char **argv)
{
	long		from = argc > 1 ? atol(argv[1]) : 0;
	long		until = argc > 2 ? atol(argv[2]) : 1000000000;
	long		valid = 0;
	long		wrong = 0;

	for (long n = from; n < until; n++)
	{
		char		digits[10];
		char		out[NUMBER_BUFFER];
		NumberParse parse;
		bool		accepted;

		for (long i = 8, rest = n; i >= 0; i--, rest /= 10)
			digits[i] = (char) ('0' + rest % 10);
		digits[9] = '\0';
		accepted = number_parse(NUMBER_BN9, digits, 9, NUMBER_SPACES_UTF8, &parse) == NUMBER_OK;
		valid += accepted;
		if (accepted != schoolbook(digits))
			wrong++;
		else if (accepted && (parse.value != (uint64_t) n ||
							  number_format(NUMBER_BN9, parse.value, out) != 9 ||
							  strcmp(out, digits) != 0))
			wrong++;
	}
	printf("%ld numbers, %ld business numbers, %ld wrong\n", until - from, valid, wrong);
	return wrong != 0;
}
