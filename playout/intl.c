/* SPDX-License-Identifier: MIT */
#include "playout/intl.h"

#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN    "ketang"
#define CATALOGUE "zh_CN" /* the one language there is but English */

/*
 * A small machine often lacks the locale that LANG names, and gettext
 * translates nothing in the locale "C".  It does in "C.UTF-8", when LANGUAGE
 * says into what.
 */
static void choose_locale(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    if (setlocale(LC_ALL, "") == NULL && setlocale(LC_ALL, "C.UTF-8") != NULL) {
        for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
            const char *language = getenv(variables[i]);
            if (language != NULL && language[0] != '\0') {
                const char *chosen = getenv("LANGUAGE"); /* empty is as if it were not set */
                setenv("LANGUAGE", language, chosen != NULL && chosen[0] == '\0');
                break;
            }
        }
    }
    /* Numbers in files and JSON have a point, wherever we are. */
    setlocale(LC_NUMERIC, "C");
}

/* Binds the domain to folder/relative when catalogues are there. */
static bool bind_if_there(const char *folder, const char *relative)
{
    char path[PATH_MAX];
    char probe[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, relative);
    if (length < 0 || (size_t)length >= sizeof path) {
        return false;
    }
    length = snprintf(probe, sizeof probe, "%s/" CATALOGUE "/LC_MESSAGES/" DOMAIN ".mo", path);
    if (length < 0 || (size_t)length >= sizeof probe || access(probe, R_OK) != 0) {
        return false;
    }
    return bindtextdomain(DOMAIN, path) != NULL;
}

void intl_init(void)
{
    /* Beside the program in a build folder; below the prefix when installed. */
    static const char *const places[] = {"locale", "../share/locale", "../../locale"};
    char program[PATH_MAX];

    choose_locale();
    textdomain(DOMAIN);
    bind_textdomain_codeset(DOMAIN, "UTF-8");

    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return;
    }
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (bind_if_there(program, places[i])) {
            return;
        }
    }
}

const char *intl_language(void)
{
    static const char head[] = ""; /* its translation is the head of the catalogue */
    return gettext(head)[0] != '\0' ? CATALOGUE : "en";
}

/*
 * gettext translates into LANGUAGE, but not in the locale "C".  So with
 * LANGUAGE set once the locale of a thread says which language it speaks,
 * whatever locales the machine has.
 */
void intl_serve(void)
{
    if (strcmp(intl_language(), CATALOGUE) != 0) {
        setlocale(LC_MESSAGES, "C");
    }
    setenv("LANGUAGE", CATALOGUE, 1);
}

void intl_speak(const char *language)
{
    const locale_t before = uselocale((locale_t)0);
    locale_t fresh = LC_GLOBAL_LOCALE;
    if (language != NULL) {
        const locale_t own = duplocale(LC_GLOBAL_LOCALE);
        fresh =
            newlocale(LC_MESSAGES_MASK, strcmp(language, CATALOGUE) == 0 ? "C.UTF-8" : "C", own);
        if (fresh == (locale_t)0) {
            freelocale(own);
            return;
        }
    }
    uselocale(fresh);
    if (before != LC_GLOBAL_LOCALE) {
        freelocale(before);
    }
}
