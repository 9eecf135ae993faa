/* SPDX-License-Identifier: MIT */
#include "tools/submit_text.h"

#include "playout/intl.h"
#include "tools/screen_text.h"
#include "tools/shell_word.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { NAME_COLUMNS = 120 };

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

const char *submit_name(const char *path, char text[SUBMIT_NAME_SIZE])
{
    wchar_t wide[NAME_COLUMNS + 1];
    const size_t count = screen_text(base_name(path), NAME_COLUMNS, wide, NAME_COLUMNS);
    wide[count] = L'\0';
    if (snprintf(text, SUBMIT_NAME_SIZE, "%ls", wide) < 0) {
        text[0] = '\0';
    }
    return text;
}

void submit_text_taken(FILE *out, const struct submit_taking *taking)
{
    const struct submit_film *film = &taking->film;
    char name[SUBMIT_NAME_SIZE];
    if (taking->outcome == SUBMIT_KNOWN) {
        fprintf(out, _("%s: handed in before, as number %lld for %s: nothing to do\n"), film->name,
                (long long)taking->answer.id, film->house_number);
        return;
    }
    fprintf(out, _("%s: number %lld, for %s, in"), film->name, (long long)taking->answer.id,
            film->house_number);
    for (size_t i = 0; i < film->due_count; i++) {
        fprintf(out, " %s", film->dues[i].profile->name);
    }
    fputc('\n', out);
    if (taking->subtitles[0] != '\0') {
        fprintf(out, _("  with its subtitles, %s\n"), submit_name(taking->subtitles, name));
    }
    if (taking->answer.replaced > 0) {
        fprintf(out, _("  it replaces number %lld, which was not ready yet\n"),
                (long long)taking->answer.replaced);
    }
}

/* The folder and ending of the file, and its house number between them. */
static void print_renamed(FILE *out, const char *house_number, const char *path)
{
    const char *name = base_name(path);
    const char *dot = strrchr(name, '.');
    char *to = NULL;
    if (asprintf(&to, "%.*s%s%s", (int)(name - path), path, house_number, dot != NULL ? dot : "") <
        0) {
        return;
    }
    fputs("      mv -n ", out);
    shell_word_print(out, path);
    fputc(' ', out);
    shell_word_print(out, to);
    fputc('\n', out);
    free(to);
}

/* Somebody pastes the command: a name that is not shown as it is written is none for it. */
static void print_command(FILE *out, const char *house_number, const char *path,
                          enum submit_way way)
{
    char name[SUBMIT_NAME_SIZE];
    if (strcmp(submit_name(path, name), base_name(path)) != 0) {
        return;
    }
    if (way == SUBMIT_RENAME) {
        if (strchr(house_number, '/') == NULL) {
            print_renamed(out, house_number, path);
        }
        return;
    }
    fputs("      ketang submit --house-number ", out);
    shell_word_print(out, house_number);
    fputc(' ', out);
    shell_word_print(out, path);
    fputc('\n', out);
}

static void print_candidate(FILE *out, const struct film_candidate *candidate, const char *path,
                            enum submit_way way)
{
    const struct film_lesson *lesson = candidate->lesson;
    char signs[FILM_SIGNS_SIZE];
    fprintf(out, "  %s", lesson->house_number);
    const char *const texts[] = {lesson->grade, lesson->subject, lesson->title};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i] != NULL && texts[i][0] != '\0') {
            fprintf(out, " %s", texts[i]);
        }
    }
    fprintf(out, _("; for it: %s"), film_signs_text(candidate->pro, signs));
    if (candidate->con != 0) {
        fprintf(out, _("; against it: %s"), film_signs_text(candidate->con, signs));
    }
    fputc('\n', out);
    print_command(out, lesson->house_number, path, way);
}

void submit_text_asked(FILE *out, const struct submit_desk *desk,
                       const struct submit_taking *taking, enum submit_way way)
{
    const char *path = taking->film.path;
    char name[SUBMIT_NAME_SIZE];
    char *stem = strdup(base_name(path));
    char *dot = stem != NULL ? strrchr(stem, '.') : NULL;
    if (dot != NULL && dot > stem) {
        *dot = '\0';
    }
    const char *meant =
        stem != NULL && taking->match.count == 0 ? submit_desk_suggest(desk, stem) : NULL;
    submit_name(path, name);
    if (taking->match.count > 0) {
        fprintf(out, _("%s: which lesson is it?  It may be\n"), name);
    } else if (way == SUBMIT_RENAME) {
        fprintf(out,
                _("%s: which lesson is it?  No timetable names a house number or a title like "
                  "that: call it by its house number%s%s.\n"),
                name, meant != NULL ? ", " : "", meant != NULL ? meant : "");
    } else if (meant != NULL) {
        fprintf(out, _("%s: no timetable names it; is it %s?  Then say --house-number %s.\n"), name,
                meant, meant);
    } else {
        fprintf(out,
                _("%s: which lesson is it?  No timetable names a house number or a title like "
                  "that: say --house-number N.\n"),
                name);
    }
    for (size_t i = 0; i < taking->match.count; i++) {
        print_candidate(out, &taking->match.candidates[i], path, way);
    }
    free(stem);
}

void submit_text_failed(FILE *out, const struct submit_taking *taking)
{
    fprintf(out, "%s: %s.\n", taking->film.name,
            taking->answer.text[0] != '\0' ? taking->answer.text : strerror(-taking->error));
}
