/*-------------------------------------------------------------------------
 *
 * portal.h
 *	  What reading the portal's amounts and dates has in common.
 *
 * A text is read as UTF-8. What isn't UTF-8 in it is a character that does not
 * belong there.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_PORTAL_H
#define CARM_PORTAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum PortalStatus
{
	PORTAL_OK,
	PORTAL_EMPTY,
	PORTAL_TOO_LONG,
	PORTAL_CHARACTER,			/* one that doesn't belong there */
	PORTAL_WORD,				/* a word that doesn't belong there */

	/* of an amount */
	PORTAL_NO_DIGITS,
	PORTAL_GROUPS,				/* digits not grouped by threes */
	PORTAL_COMMA,				/* a comma that is neither mark */
	PORTAL_NO_DECIMALS,			/* a decimal mark without digits behind it */
	PORTAL_SIGNS,				/* more than one sign */
	PORTAL_PARENTHESIS,			/* one without the other */

	/* of a date */
	PORTAL_FORM,				/* no form of a date */
	PORTAL_NUMBER,				/* digits alone, but not eight */
	PORTAL_YEAR,				/* a year without four digits */
	PORTAL_MONTH,				/* no such month */
	PORTAL_DAY,					/* no such day of the month */
	PORTAL_TWO_DATES			/* day first and month first differ */
} PortalStatus;

/* What PORTAL_CHARACTER and the like are about: bytes of the text. */
typedef struct PortalToken
{
	size_t		offset;
	size_t		length;
} PortalToken;

/* A code point of the text, and no code point at all. */
#define PORTAL_END			UINT32_MAX
#define PORTAL_NOT_UTF8		(UINT32_MAX - 1)

extern uint32_t portal_character(const char *text, size_t length,
								 size_t offset, size_t *size);
extern bool portal_is_space(uint32_t c);
extern bool portal_groups_digits(uint32_t c);

static inline bool
portal_is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

#endif							/* CARM_PORTAL_H */
