/*-------------------------------------------------------------------------
 *
 * ascii.h
 *	  Kinds of ASCII characters, whatever the locale.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_ASCII_H
#define CARM_ASCII_H

#include <stdbool.h>

/* White space: a blank, a tab, and what ends a line or a page. */
static inline bool
ascii_is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool
ascii_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* A capital letter. */
static inline bool
ascii_is_letter(int c)
{
	return c >= 'A' && c <= 'Z';
}

static inline int
ascii_upper(int c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

#endif							/* CARM_ASCII_H */
