/* SPDX-License-Identifier: MIT */
#include "scheduler/rehearse/rehearse_notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rehearse_notes_finish(struct rehearse_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        free(notes->remarks[i].channel);
        free(notes->remarks[i].text);
    }
    free(notes->remarks);
    *notes = (struct rehearse_notes){0};
}

void rehearse_note(struct rehearse_notes *notes, enum rehearse_note_kind kind, int64_t frame,
                   const char *channel, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    notes->problems += kind == NOTE_PROBLEM;
    if (notes->count == REHEARSE_NOTES_MOST) {
        return;
    }
    va_start(arguments, format);
    const int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    struct rehearse_remark *grown =
        length >= 0 ? realloc(notes->remarks, (notes->count + 1) * sizeof(grown[0])) : NULL;
    if (grown == NULL) {
        free(length >= 0 ? text : NULL);
        return;
    }
    notes->remarks = grown;
    grown[notes->count++] = (struct rehearse_remark){
        .kind = kind,
        .frame = frame,
        .channel = channel != NULL ? strdup(channel) : NULL,
        .text = text,
    };
}

static int compare(const void *a, const void *b)
{
    const struct rehearse_remark *x = a;
    const struct rehearse_remark *y = b;
    if (x->frame != y->frame) {
        return x->frame < y->frame ? -1 : 1;
    }
    const int order =
        strcmp(x->channel != NULL ? x->channel : "", y->channel != NULL ? y->channel : "");
    return order != 0 ? order : strcmp(x->text, y->text);
}

void rehearse_notes_sort(struct rehearse_notes *notes)
{
    if (notes->count > 0) {
        qsort(notes->remarks, notes->count, sizeof(notes->remarks[0]), compare);
    }
}
