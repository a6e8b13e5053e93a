/*-------------------------------------------------------------------------
 *
 * number.c
 *	  libFuzzer target: any bytes as a business number or program account.
 *
 * The oracle cuts a text into tokens, drops those that don't count, and looks
 * at what is left with the rules of the README. Beyond that: what is accepted
 * comes out canonical and goes in again; a text is equal to a value if and only
 * if it is good input for it; order and hash agree with equality.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"
#include "number_text.h"

#define TOKEN_SPACE		256		/* a no-break space, whatever its bytes */
#define TEXT_MAX		4096

/* A text as it counts: its bytes in upper case without what is between them. */
typedef struct Plain
{
	size_t		length;
	unsigned char byte[TEXT_MAX];
	size_t		offset[TEXT_MAX];
	size_t		first;			/* bytes, without what surrounds the text */
	size_t		end;
} Plain;

static int
next_token(const unsigned char *s, size_t left, NumberSpaces spaces, size_t *length)
{
	*length = 1;
	if (spaces == NUMBER_SPACES_LATIN && s[0] == 0xA0)
		return TOKEN_SPACE;
	if (spaces == NUMBER_SPACES_UTF8 && left >= 2 && memcmp(s, "\xC2\xA0", 2) == 0)
	{
		*length = 2;
		return TOKEN_SPACE;
	}
	if (spaces == NUMBER_SPACES_UTF8 && left >= 3 && memcmp(s, "\xE2\x80\xAF", 3) == 0)
	{
		*length = 3;
		return TOKEN_SPACE;
	}
	return s[0];
}

static bool
is_surrounding(int token)
{
	return token == TOKEN_SPACE || (token > 0 && token < 256 && strchr(" \t\n\v\f\r", token) != NULL);
}

static void
make_plain(const char *s, size_t length, NumberSpaces spaces, Plain *plain)
{
	static int	tokens[TEXT_MAX];
	static size_t offsets[TEXT_MAX + 1];
	size_t		count = 0;
	size_t		first = 0;
	size_t		n;

	for (size_t at = 0; at < length; at += n)
	{
		tokens[count] = next_token((const unsigned char *) s + at, length - at, spaces, &n);
		offsets[count++] = at;
	}
	while (first < count && is_surrounding(tokens[first]))
		first++;
	offsets[count] = length;
	while (count > first && is_surrounding(tokens[count - 1]))
		count--;
	plain->first = offsets[first];
	plain->end = offsets[count];

	plain->length = 0;
	for (size_t i = first; i < count; i++)
	{
		int			token = tokens[i];

		if (token == TOKEN_SPACE || token == ' ' ||
			(token == '-' && i > first && i < count - 1))
			continue;
		if (token >= 'a' && token <= 'z')
			token += 'A' - 'a';
		plain->byte[plain->length] = (unsigned char) token;
		plain->offset[plain->length++] = offsets[i];
	}
}

static bool
luhn(const unsigned char *nine)
{
	int			sum = 0;

	for (int i = 0; i < 9; i++)
	{
		int			digit = (nine[i] - '0') * (i % 2 + 1);

		sum += digit / 10 + digit % 10;
	}
	return sum % 10 == 0;
}

/* The shape of a kind: N a digit, A a letter. */
static const char *const shape[] = {"NNNNNNNNN", "NNNNNNNNNAANNNN"};

static bool
fits(const Plain *plain, NumberKind kind, size_t *wrong)
{
	*wrong = 0;
	if (plain->length != strlen(shape[kind]))
		return false;
	for (; *wrong < plain->length; ++*wrong)
	{
		int			c = plain->byte[*wrong];

		if (shape[kind][*wrong] == 'N' ? c < '0' || c > '9' : c < 'A' || c > 'Z')
			return false;
	}
	return true;
}

/* Does it begin as an account, and end after one to three digits of its reference? */
static bool
is_cut_short(const Plain *plain)
{
	if (plain->length < 12 || plain->length > 14)
		return false;
	for (size_t i = 0; i < plain->length; i++)
	{
		int			c = plain->byte[i];

		if (shape[NUMBER_ACCOUNT][i] == 'N' ? c < '0' || c > '9' : c < 'A' || c > 'Z')
			return false;
	}
	return true;
}

/* Is there a start, at a digit that follows something else, from which on it is a number or an account, and a letter or # before it? */
static bool
has_label(const char *s, const Plain *plain, NumberSpaces spaces)
{
	static Plain rest;
	bool		named = false;
	size_t		wrong;

	if (plain->end - plain->first > 96)
		return false;
	for (size_t i = plain->first; i + 1 < plain->end; i++)
	{
		if ((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') || s[i] == '#')
			named = true;
		if (!named || (s[i] >= '0' && s[i] <= '9') || s[i + 1] < '0' || s[i + 1] > '9')
			continue;
		make_plain(s + i + 1, plain->end - i - 1, spaces, &rest);
		if (fits(&rest, NUMBER_BN9, &wrong) || fits(&rest, NUMBER_ACCOUNT, &wrong))
			return true;
	}
	return false;
}

/* What is wrong with a text without a label, and where. */
static NumberStatus
judge(const Plain *plain, NumberKind kind, size_t *offset)
{
	size_t		wrong;

	if (plain->length == 0)
		return NUMBER_EMPTY;
	for (size_t i = 0; i < plain->length; i++)
	{
		int			c = plain->byte[i];

		*offset = plain->offset[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
			return NUMBER_CHARACTER;
	}
	if (fits(plain, kind == NUMBER_BN9 ? NUMBER_ACCOUNT : NUMBER_BN9, &wrong))
		return NUMBER_OTHER_KIND;
	if (is_cut_short(plain))
		return kind == NUMBER_BN9 ? NUMBER_OTHER_KIND : NUMBER_SHORT_REFERENCE;
	if (plain->length != strlen(shape[kind]))
		return NUMBER_LENGTH;
	if (!fits(plain, kind, &wrong))
	{
		*offset = plain->offset[wrong];
		return shape[kind][wrong] == 'N' ? NUMBER_NOT_DIGIT : NUMBER_NOT_LETTER;
	}
	if (memcmp(plain->byte, "000000000", 9) == 0)
		return NUMBER_PLACEHOLDER;
	if (!luhn(plain->byte))
		return NUMBER_CHECK_DIGIT;
	if (kind == NUMBER_ACCOUNT && memcmp(plain->byte + 11, "0000", 4) == 0)
		return NUMBER_REFERENCE;
	return NUMBER_OK;
}

static int
sign_of(int n)
{
	return (n > 0) - (n < 0);
}

static int
compare_bytes(const void *a, size_t a_length, const void *b, size_t b_length)
{
	int			order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	return order ? sign_of(order) : (a_length > b_length) - (a_length < b_length);
}

/* The canonical text of the next value, counted up by hand. */
static void
count_up(NumberKind kind, char text[NUMBER_BUFFER])
{
	int			last = (int) strlen(text) - 1;

	do
	{
		for (int i = last; i >= 0; i--)
		{
			char		most = i == 9 || i == 10 ? 'Z' : '9';

			if (text[i] != most)
			{
				text[i]++;
				break;
			}
			text[i] = i == 9 || i == 10 ? 'A' : '0';
		}
		/* every reference number of a wrong number would be counted */
		if (kind == NUMBER_ACCOUNT && !luhn((unsigned char *) text))
			memcpy(text + 9, "ZZ9999", 6);
	} while (!luhn((unsigned char *) text) ||
			 (kind == NUMBER_ACCOUNT && memcmp(text + 11, "0000", 4) == 0));
}

static void
check_kind(NumberKind kind, const char *s, size_t len, NumberSpaces spaces, const Plain *plain)
{
	NumberParse parse;
	char		canonical[NUMBER_BUFFER];
	char		next[NUMBER_BUFFER];
	uint64_t	again;
	size_t		offset = 0;
	NumberStatus wanted = judge(plain, kind, &offset);
	NumberStatus status = number_parse(kind, s, len, spaces, &parse);

	if ((wanted == NUMBER_CHARACTER || wanted == NUMBER_LENGTH || wanted == NUMBER_NOT_DIGIT) && has_label(s, plain, spaces))
		wanted = NUMBER_LABEL;
	CHECK(status == wanted && status == parse.status);
	CHECK((number_fault(&parse) == NULL) == (status == NUMBER_OK));
	if (status != NUMBER_OK)
	{
		if (status == NUMBER_LABEL)
			CHECK(parse.offset == plain->first && parse.length > 0 && parse.offset + parse.length < plain->end);
		/* what a hint says is valid, is */
		if (parse.hint == NUMBER_HINT_ZERO || parse.hint == NUMBER_HINT_ALONE)
			CHECK(number_read(kind, parse.compact, strlen(parse.compact), &again));
		if (status == NUMBER_CHARACTER || status == NUMBER_NOT_DIGIT || status == NUMBER_NOT_LETTER)
			CHECK(parse.offset == offset);
		if (status == NUMBER_LENGTH)
			CHECK(parse.length == plain->length);
		if (status == NUMBER_CHECK_DIGIT)
		{
			unsigned char nine[9];

			memcpy(nine, plain->byte, 9);
			nine[8] = (unsigned char) ('0' + parse.required);
			CHECK(luhn(nine) && parse.found == plain->byte[8] - '0');
		}
		/* not even the value that its letters and digits would make is equal */
		if (number_read(kind, parse.compact, strlen(parse.compact), &again))
			CHECK(number_compare_text(kind, again, s, len, spaces) != 0);
		return;
	}
	CHECK(number_format(kind, parse.value, canonical) == plain->length);
	CHECK(memcmp(canonical, plain->byte, plain->length) == 0 && canonical[plain->length] == '\0');
	CHECK(number_read(kind, canonical, plain->length, &again) && again == parse.value);
	CHECK(number_compare_text(kind, parse.value, s, len, spaces) == 0);
	CHECK(number_compare_texts(canonical, plain->length, s, len, spaces) == 0);
	CHECK(number_hash_text(s, len, spaces, 7) == number_hash(parse.value, 7));

	again = parse.value;
	if (number_next(kind, &again))
	{
		memcpy(next, canonical, sizeof(next));
		count_up(kind, next);
		(void) number_format(kind, again, canonical);
		CHECK(strcmp(canonical, next) == 0 && again > parse.value);
		CHECK(number_compare_text(kind, again, s, len, spaces) > 0);
		CHECK(number_previous(kind, &again) && again == parse.value);
	}
	else
		CHECK(parse.value == number_highest(kind));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Plain plain;
	static Plain first;
	static Plain second;
	NumberSpaces spaces;
	const char *s;
	size_t		half;
	int			order;

	if (size == 0 || size > TEXT_MAX)
		return 0;
	spaces = (NumberSpaces) (data[0] % 3);
	s = (const char *) data + 1;
	size--;
	make_plain(s, size, spaces, &plain);
	check_kind(NUMBER_BN9, s, size, spaces, &plain);
	check_kind(NUMBER_ACCOUNT, s, size, spaces, &plain);
	CHECK(number_compare_texts(s, size, s, size, spaces) == 0);

	half = size / 2;
	make_plain(s, half, spaces, &first);
	make_plain(s + half, size - half, spaces, &second);
	order = number_compare_texts(s, half, s + half, size - half, spaces);
	CHECK(order == compare_bytes(first.byte, first.length, second.byte, second.length));
	CHECK(order == -number_compare_texts(s + half, size - half, s, half, spaces));
	if (order == 0)
		CHECK(number_hash_text(s, half, spaces, 0) ==
			  number_hash_text(s + half, size - half, spaces, 0));
	return 0;
}
