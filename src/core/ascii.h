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

#endif							/* CARM_ASCII_H */
