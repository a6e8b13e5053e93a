/*-------------------------------------------------------------------------
 *
 * legal_text.c
 *	  The letters of a legal name, and what stands between them.
 *
 *-------------------------------------------------------------------------
 */
#include "legal_text.h"
#include "poll.h"

/* What is no letter, from U+0080 on; all else is. In the order of code points. */
static const struct
{
	uint32_t	first;
	uint32_t	last;
	LegalCharClass class;
}			signs[] =
{
	{0x0080, 0x00a0, LEGAL_SPACE},	/* controls, no-break space */
	{0x00a1, 0x00a9, LEGAL_SIGN},
	{0x00ab, 0x00ac, LEGAL_SIGN},
	{0x00ad, 0x00ad, LEGAL_SPACE},	/* soft hyphen */
	{0x00ae, 0x00b1, LEGAL_SIGN},
	{0x00b4, 0x00b4, LEGAL_SIGN},
	{0x00b6, 0x00b8, LEGAL_SIGN},
	{0x00bb, 0x00bf, LEGAL_SIGN},
	{0x00d7, 0x00d7, LEGAL_SIGN},
	{0x00f7, 0x00f7, LEGAL_SIGN},
	{0x02b9, 0x02ff, LEGAL_SIGN},	/* apostrophes among them */
	{0x0300, 0x036f, LEGAL_MARK},
	{0x061c, 0x061c, LEGAL_SPACE},
	{0x1680, 0x1680, LEGAL_SPACE},
	{0x180e, 0x180e, LEGAL_SPACE},
	{0x1ab0, 0x1aff, LEGAL_MARK},
	{0x1dc0, 0x1dff, LEGAL_MARK},
	{0x2000, 0x200f, LEGAL_SPACE},	/* widths, zero width, directions */
	{0x2010, 0x2027, LEGAL_SIGN},	/* dashes, quotation marks */
	{0x2028, 0x202f, LEGAL_SPACE},
	{0x2030, 0x205e, LEGAL_SIGN},
	{0x205f, 0x206f, LEGAL_SPACE},
	{0x20a0, 0x20cf, LEGAL_SIGN},	/* currencies */
	{0x20d0, 0x20ff, LEGAL_MARK},
	{0x2100, 0x214f, LEGAL_SIGN},	/* trade mark, numero */
	{0x2190, 0x2bff, LEGAL_SIGN},	/* arrows to dingbats */
	{0x2e00, 0x2e7f, LEGAL_SIGN},
	{0x3000, 0x3000, LEGAL_SPACE},
	{0x3001, 0x3003, LEGAL_SIGN},
	{0x3008, 0x3020, LEGAL_SIGN},
	{0x3030, 0x3030, LEGAL_SIGN},
	{0xfe00, 0xfe0f, LEGAL_SPACE},	/* variation selectors */
	{0xfe10, 0xfe1f, LEGAL_SIGN},
	{0xfe20, 0xfe2f, LEGAL_MARK},
	{0xfe30, 0xfe6f, LEGAL_SIGN},
	{0xfeff, 0xfeff, LEGAL_SPACE},	/* byte order mark */
	{0xff01, 0xff0f, LEGAL_SIGN},	/* full width */
	{0xff1a, 0xff20, LEGAL_SIGN},
	{0xff3b, 0xff40, LEGAL_SIGN},
	{0xff5b, 0xff65, LEGAL_SIGN},
	{0xfff9, 0xfffd, LEGAL_SIGN},
	{0xe0000, 0xe007f, LEGAL_SPACE}
};

/*
 * The plain letters of U+00C0 to U+017F and of U+1E00 to U+1EFF, in their
 * case; a dot where there is none or there are two.
 */
#define LATIN_FIRST				0x00c0
#define LATIN_LAST				0x017f
#define LATIN_ADDITIONAL_FIRST	0x1e00
#define LATIN_ADDITIONAL_LAST	0x1eff

static const char latin[] =
"AAAAAA.CEEEEIIIIDNOOOOO.OUUUUY.."
"aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
"AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
"GgGgHhHhIiIiIiIiIi..JjKkkLlLlLlL"
"lLlNnNnNnnNnOoOoOo..RrRrRrSsSsSs"
"SsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

static const char latin_additional[] =
"AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFf"
"GgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
"MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRr"
"SsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
"WwWwWwWwWwXxXxYyZzZzZzhtwyasss.d"
"AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
"EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOo"
"OoOoUuUuUuUuUuUuUuYyYyYyYyLlVvYy";

/*
 * Reads the code point at a place and moves past it. The server has checked
 * the encoding; should a byte be wrong all the same, it is read as a letter
 * that nothing else equals.
 */
uint32_t
legal_text_read(LegalText *text, size_t *at)
{
	const uint8_t *p = text->bytes + *at;
	size_t		left = text->size - *at;
	uint32_t	c = p[0];
	size_t		length;

	poll_at(++text->reads);

	if (c < 0x80)
	{
		*at += 1;
		return c;
	}
	length = c < 0xc2 || c > 0xf4 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (length != 0 && length <= left)
	{
		uint32_t	value = c & (0x7f >> length);
		size_t		i;

		for (i = 1; i < length && (p[i] & 0xc0) == 0x80; i++)
			value = value << 6 | (p[i] & 0x3f);
		if (i == length)
		{
			*at += length;
			return value;
		}
	}
	*at += 1;
	return 0x110000 + c;
}

LegalCharClass
legal_char_class(uint32_t c)
{
	size_t		low = 0;
	size_t		high = sizeof(signs) / sizeof(signs[0]);

	if (c < 0x80)
	{
		if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			return LEGAL_LETTER;
		if (c == '&')
			return LEGAL_AMPERSAND;
		return c <= ' ' || c == 0x7f ? LEGAL_SPACE : LEGAL_SIGN;
	}

	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (c > signs[middle].last)
			low = middle + 1;
		else if (c < signs[middle].first)
			high = middle;
		else
			return signs[middle].class;
	}
	return LEGAL_LETTER;
}

/* The lower case of a letter of the Latin tables. */
static uint32_t
latin_lower(uint32_t c)
{
	if (c < 0x100)
		return c <= 0xde ? c + 0x20 : c;
	if (c == 0x178)
		return 0xff;
	if (c == 0x1e9e)
		return 0xdf;
	/* capitals come first, with an odd number in two stretches */
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c + (c & 1);
	return c | 1;
}

/* A code point of class LEGAL_LETTER without its case and accents, and these apart. */
LegalLetter
legal_letter(uint32_t c)
{
	LegalLetter letter = {0};
	char		plain = 0;

	if (c < 0x80)
		plain = (char) c;
	else if (c >= LATIN_FIRST && c <= LATIN_LAST)
		plain = latin[c - LATIN_FIRST];
	else if (c >= LATIN_ADDITIONAL_FIRST && c <= LATIN_ADDITIONAL_LAST)
		plain = latin_additional[c - LATIN_ADDITIONAL_FIRST];
	else
	{
		/* the ordinals of No and 1re; any other letter stands for itself */
		letter.base = c == 0xaa ? 'a' : c == 0xba ? 'o' : c;
		letter.accent = letter.base == c ? 0 : c;
		return letter;
	}

	if (plain == '.')
	{
		const char *pair;

		letter.accent = latin_lower(c);
		letter.upper = letter.accent != c;
		switch (letter.accent)
		{
			case 0xe6:
				pair = "ae";
				break;
			case 0xfe:
				pair = "th";
				break;
			case 0x133:
				pair = "ij";
				break;
			case 0x153:
				pair = "oe";
				break;
			default:			/* sharp s */
				pair = "ss";
		}
		letter.base = (uint32_t) pair[0];
		letter.second = (uint32_t) pair[1];
		return letter;
	}

	letter.upper = plain >= 'A' && plain <= 'Z';
	letter.base = (uint32_t) (letter.upper ? plain + ('a' - 'A') : plain);
	if (c >= 0x80)
		letter.accent = letter.upper && c != 0x130 ? latin_lower(c) : c;
	return letter;
}
