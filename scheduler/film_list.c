/* SPDX-License-Identifier: MIT */
#include "scheduler/film_list.h"

#include "playout/intl.h"
#include "scheduler/import/import_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEAD_ROWS_MOST = 20, COLUMN_FILE = FILM_COLUMN_TEACHER + 1, COLUMN_CONSENT, COLUMNS };

/* Which sheet's column holds what; -1: none. */
struct head {
    int row;
    int columns[COLUMNS];
};

/* What a head says, or -1. */
static int column_of(const char *text)
{
    static const struct {
        const char *word;
        int column;
    } words[] = {
        {"文件", COLUMN_FILE},
        {"文件名", COLUMN_FILE},
        {"文件名称", COLUMN_FILE},
        {"视频", COLUMN_FILE},
        {"视频文件", COLUMN_FILE},
        {"file", COLUMN_FILE},
        {"filename", COLUMN_FILE},
        {"file name", COLUMN_FILE},
        {"节目代码", FILM_COLUMN_NUMBER},
        {"代码", FILM_COLUMN_NUMBER},
        {"house number", FILM_COLUMN_NUMBER},
        {"house_number", FILM_COLUMN_NUMBER},
        {"题目", FILM_COLUMN_TITLE},
        {"课题名称", FILM_COLUMN_TITLE},
        {"频道", FILM_COLUMN_CHANNEL},
        {"channel", FILM_COLUMN_CHANNEL},
        {"播出日期", FILM_COLUMN_DATE},
        {"周", FILM_COLUMN_WEEK},
        {"week", FILM_COLUMN_WEEK},
        {"版权", COLUMN_CONSENT},
        {"授权", COLUMN_CONSENT},
        {"版权说明", COLUMN_CONSENT},
        {"版权授权", COLUMN_CONSENT},
        {"consent", COLUMN_CONSENT},
        {"copyright", COLUMN_CONSENT},
        {"rights", COLUMN_CONSENT},
    };
    static const int known[IMPORT_COLUMN_COUNT] = {
        [IMPORT_COLUMN_NONE] = -1,
        [IMPORT_COLUMN_NAME] = FILM_COLUMN_PERIOD,
        [IMPORT_COLUMN_TIME] = FILM_COLUMN_PERIOD,
        [IMPORT_COLUMN_START] = FILM_COLUMN_PERIOD,
        [IMPORT_COLUMN_END] = -1,
        [IMPORT_COLUMN_DAY] = FILM_COLUMN_DATE,
        [IMPORT_COLUMN_GRADE] = FILM_COLUMN_GRADE,
        [IMPORT_COLUMN_SUBJECT] = FILM_COLUMN_SUBJECT,
        [IMPORT_COLUMN_TITLE] = FILM_COLUMN_TITLE,
        [IMPORT_COLUMN_TEACHER] = FILM_COLUMN_TEACHER,
        [IMPORT_COLUMN_SCHOOL] = FILM_COLUMN_SCHOOL,
        [IMPORT_COLUMN_WEEKS] = FILM_COLUMN_WEEK,
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i].word) == 0) {
            return words[i].column;
        }
    }
    /* 序号 counts rows, and is no period. */
    return strcmp(text, "序号") == 0 ? -1 : known[import_words_column(text)];
}

static bool find_head(const struct import_sheet *sheet, struct head *head)
{
    for (int row = 0; row < import_sheet_rows(sheet) && row < HEAD_ROWS_MOST; row++) {
        head->row = row;
        for (int i = 0; i < COLUMNS; i++) {
            head->columns[i] = -1;
        }
        for (int column = 0; column < import_sheet_columns(sheet); column++) {
            const struct import_cell *cell = import_sheet_origin(sheet, row, column);
            const int is = cell != NULL ? column_of(cell->folded) : -1;
            if (is >= 0 && head->columns[is] < 0) {
                head->columns[is] = column;
            }
        }
        if (head->columns[COLUMN_FILE] >= 0) {
            return true;
        }
    }
    return false;
}

static const char *text_at(const struct import_sheet *sheet, int row, int column)
{
    const struct import_cell *cell = column >= 0 ? import_sheet_at(sheet, row, column) : NULL;
    return cell != NULL ? cell->text : "";
}

static int read_rows(const struct import_sheet *sheet, const struct head *head,
                     struct film_list *list)
{
    const int rows = import_sheet_rows(sheet);
    list->rows = calloc((size_t)rows + 1, sizeof(list->rows[0]));
    if (list->rows == NULL) {
        return -ENOMEM;
    }
    for (int number = head->row + 1; number < rows; number++) {
        struct film_row row = {.row = number + 1,
                               .file = text_at(sheet, number, head->columns[COLUMN_FILE]),
                               .consent = text_at(sheet, number, head->columns[COLUMN_CONSENT])};
        bool has_text = row.file[0] != '\0';
        for (int i = 0; i < COLUMN_FILE; i++) {
            row.said[i] = text_at(sheet, number, head->columns[i]);
            has_text = has_text || row.said[i][0] != '\0';
        }
        if (has_text) {
            list->rows[list->count++] = row;
        }
    }
    return 0;
}

static int choose_sheet(const char *name, struct film_list *list, struct problems *problems)
{
    for (size_t i = 0; i < list->sheets.count; i++) {
        struct head head;
        if (!import_sheet_is_hidden(list->sheets.items[i]) &&
            find_head(list->sheets.items[i], &head)) {
            return read_rows(list->sheets.items[i], &head, list);
        }
    }
    problems_add(problems, PROBLEM_ERROR, name, 0, 0,
                 _("no column of this list is headed 文件 (file): put the names of the films into "
                   "one that is"));
    return -EBADMSG;
}

int film_list_read(const char *name, const void *bytes, size_t size, struct film_list *list,
                   struct problems *problems)
{
    const bool is_zip = size >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0;
    *list = (struct film_list){.count = 0};
    int result = is_zip ? import_xlsx_read(name, bytes, size, &list->sheets, problems)
                        : import_csv_read(name, bytes, size, &list->sheets, problems);
    result = result < 0 ? result : choose_sheet(name, list, problems);
    if (result < 0) {
        film_list_finish(list);
    }
    return result;
}

void film_list_finish(struct film_list *list)
{
    import_sheets_finish(&list->sheets);
    free(list->rows);
    *list = (struct film_list){.count = 0};
}

bool film_list_is_called(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcasecmp(dot, ".csv") == 0 || strcasecmp(dot, ".xlsx") == 0);
}

void film_list_say(const struct film_row *row, struct film_said *said)
{
    for (int i = 0; i < COLUMN_FILE; i++) {
        if (row->said[i][0] != '\0') {
            film_said_add(said, (enum film_column)i, row->said[i]);
        }
    }
}

bool film_list_means(const struct film_row *row, const char *name)
{
    char said[FILM_NAME_SIZE];
    char is[FILM_NAME_SIZE];
    film_fold(row->file, said, sizeof(said));
    film_fold(name, is, sizeof(is));
    if (said[0] == '\0') {
        return false;
    }
    const char *dot = strrchr(is, '.');
    return strcmp(said, is) == 0 || (dot != NULL && strlen(said) == (size_t)(dot - is) &&
                                     strncmp(said, is, (size_t)(dot - is)) == 0);
}
