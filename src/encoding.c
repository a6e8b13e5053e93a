/*-------------------------------------------------------------------------
 *
 * encoding.c
 *	  Text between UTF-8 and the database's encoding, without an error where
 *	  one lacks a character of the other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "encoding.h"
#include "core/legal_text.h"

/* Converts, with a final zero byte; NULL where that can't be done. */
static char *
convert(const char *s, int len, int from, int to)
{
	Oid			proc = FindDefaultConversionProc(from, to);
	Size		size = (Size) len * MAX_CONVERSION_GROWTH + 1;
	unsigned char *result;

	if (!OidIsValid(proc))
		return NULL;
	result = (unsigned char *) MemoryContextAllocHuge(CurrentMemoryContext, size);
	if (pg_do_encoding_conversion_buf(proc, from, to,
									  unconstify(unsigned char *, (const unsigned char *) s),
									  len, result,
									  (int) Min(size, PG_INT32_MAX), true) == len)
		return (char *) result;
	pfree(result);
	return NULL;
}

/*
 * A text of the server as UTF-8; no copy where it is. Where no conversion is
 * known, or it fails for this text, its bytes are given as they are: what is
 * ASCII of them is right, and the rest is nothing that counts.
 */
const char *
encoding_to_utf8(const char *s, int len, size_t *utf8_len)
{
	int			encoding = GetDatabaseEncoding();
	char	   *converted;

	*utf8_len = len;
	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII)
		return s;
	converted = convert(s, len, encoding, PG_UTF8);
	if (converted == NULL)
		return s;
	*utf8_len = strlen(converted);
	return converted;
}

/* Our own words, in UTF-8, without the accents of their letters. */
static char *
without_accents(const char *utf8)
{
	LegalText	words = {.bytes = (const uint8_t *) utf8,.size = strlen(utf8)};
	char	   *plain = palloc(words.size + 1);
	size_t		at = 0;
	size_t		length = 0;

	while (at < words.size)
	{
		uint32_t	c = legal_text_read(&words, &at);

		if (c >= 0x80)
		{
			LegalLetter letter = legal_letter(c);

			c = letter.upper ? letter.base - ('a' - 'A') : letter.base;
		}
		plain[length++] = (char) c;
	}
	plain[length] = '\0';
	return plain;
}

/* Our own words, in UTF-8, as a text of the server. */
text *
encoding_text_of(const char *utf8)
{
	int			encoding = GetDatabaseEncoding();
	char	   *converted;

	if (encoding == PG_UTF8)
		return cstring_to_text(utf8);
	converted = encoding == PG_SQL_ASCII ? NULL :
		convert(utf8, strlen(utf8), PG_UTF8, encoding);
	return cstring_to_text(converted ? converted : without_accents(utf8));
}
