/* SPDX-License-Identifier: MIT */
/*
 * intl: the languages of everything a person reads.
 *
 * Every message goes through _() from the first one on; the catalogues are
 * in po/.  Log keys, JSON keys and file formats are never translated.
 */
#ifndef PLAYOUT_INTL_H
#define PLAYOUT_INTL_H

#include <libintl.h>

#define _(text) gettext(text)
/* Marks a text that is translated where it is used. */
#define N_(text) text

/*
 * Chooses the language from the environment.  Called once by each main,
 * before the first message.
 */
void intl_init(void);

/* The language of this process's messages: "zh_CN", or "en". */
const char *intl_language(void);

/*
 * For programs that answer people who have languages of their own: called
 * once by its main after intl_init(), before there are threads.
 */
void intl_serve(void);

/*
 * From here on the calling thread's messages are in that language, English
 * where there is no catalogue for it; NULL: in the process's own again.
 */
void intl_speak(const char *language);

#endif
