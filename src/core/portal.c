/*-------------------------------------------------------------------------
 *
 * portal.c
 *	  What reading the portal's amounts and dates has in common.
 *
 *-------------------------------------------------------------------------
 */
#include "ascii.h"
#include "portal.h"

#define NO_BREAK_SPACE			0x00a0
#define THIN_SPACE				0x2009
#define NARROW_NO_BREAK_SPACE	0x202f

/* The code point at an offset, and how many bytes it has. */
uint32_t
portal_character(const char *text, size_t length, size_t offset, size_t *size)
{
	const uint8_t *byte = (const uint8_t *) text + offset;
	size_t		rest = length - offset;
	uint32_t	c;
	size_t		n;

	*size = 1;
	if (rest == 0)
	{
		*size = 0;
		return PORTAL_END;
	}
	if (byte[0] < 0x80)
		return byte[0];
	n = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
	if (byte[0] < 0xc2 || byte[0] > 0xf4 || rest < n)
		return PORTAL_NOT_UTF8;
	c = byte[0] & (0xff >> (n + 1));
	for (size_t i = 1; i < n; i++)
	{
		if ((byte[i] & 0xc0) != 0x80)
			return PORTAL_NOT_UTF8;
		c = c << 6 | (byte[i] & 0x3f);
	}
	if ((n == 3 && c < 0x800) || (n == 4 && (c < 0x10000 || c > 0x10ffff)) ||
		(c >= 0xd800 && c <= 0xdfff))
		return PORTAL_NOT_UTF8;
	*size = n;
	return c;
}

/* Spaces that may group digits. */
bool
portal_groups_digits(uint32_t c)
{
	return c == ' ' || c == NO_BREAK_SPACE || c == NARROW_NO_BREAK_SPACE ||
		c == THIN_SPACE;
}

bool
portal_is_space(uint32_t c)
{
	return portal_groups_digits(c) ||
		(c < 0x80 && ascii_is_space((unsigned char) c));
}
