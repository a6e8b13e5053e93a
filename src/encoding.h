/*-------------------------------------------------------------------------
 *
 * encoding.h
 *	  Text between UTF-8 and the database's encoding, without an error where
 *	  one lacks a character of the other.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_ENCODING_H
#define CARM_ENCODING_H

extern const char *encoding_to_utf8(const char *s, int len, size_t *utf8_len);
extern text *encoding_text_of(const char *utf8);

#endif							/* CARM_ENCODING_H */
