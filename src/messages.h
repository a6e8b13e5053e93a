/*-------------------------------------------------------------------------
 *
 * messages.h
 *	  The catalogue of this extension's messages in other languages, src/po.
 *
 * Include it after postgres.h in every file that reports something. It makes
 * errmsg(), errdetail(), errhint() and the like look in that catalogue, which
 * they do by the TEXTDOMAIN of the ereport() they stand in.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_MESSAGES_H
#define CARM_MESSAGES_H

#undef TEXTDOMAIN
#define TEXTDOMAIN messages_domain()

/*
 * A text in the session's language, for what is put together or returned by a
 * function. gettext_noop() marks one that is looked up elsewhere.
 */
#define translated(text) dgettext(TEXTDOMAIN, text)

extern const char *messages_domain(void);

#endif							/* CARM_MESSAGES_H */
