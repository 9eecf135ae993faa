/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_formats.h"

#include "playout/intl.h"
#include "playout/station.h"
#include "scheduler/markup.h"

#include <string.h>

enum {
    PICTURE_WIDTH = 960,
    BAR_WIDTH = 959, /* to its right end: the line around it must fit in */
    BAR_HEIGHT = 14,
    BAR_PITCH = 22,
    LABEL_WIDTH = 140,
    SCALE_HEIGHT = 16,
    HOURS = 24,
};

static const char *const colours[] = {
    [BAR_PLANNED] = "#2f6f4f", [BAR_FILLING] = "#c9d8cf", [BAR_CHANGED] = "#3b74b8",
    [BAR_FAULT] = "#c62f2f",   [BAR_HALF] = "#e39b23",    [BAR_UNKNOWN] = "#ffffff",
};

static const char *const colour_names[] = {
    [BAR_PLANNED] = N_("as planned"),
    [BAR_FILLING] = N_("filler as planned"),
    [BAR_CHANGED] = N_("changed, or a planned substitute"),
    [BAR_FAULT] = N_("off the air, slate, wrong content"),
    [BAR_HALF] = N_("unplanned filler"),
    [BAR_UNKNOWN] = N_("no record"),
};

enum { COLOURS = sizeof(colours) / sizeof(colours[0]) };

static const char style[] =
    "@page{size:A4 landscape;margin:12mm}\n"
    "*{box-sizing:border-box}\n"
    "body{font:10.5pt/1.45 \"Noto Sans CJK SC\",\"Microsoft YaHei\",\"PingFang SC\",sans-serif;"
    "color:#1b1f23;background:#fff;max-width:273mm;margin:0 auto;padding:8mm 0}\n"
    "h1{font-size:18pt;margin:0 0 1mm;text-align:center}\n"
    ".head{text-align:center;color:#444;margin:0 0 4mm}\n"
    ".verdict{border:1.5pt solid #c62f2f;background:#fdf1f0;padding:2.5mm 4mm;font-weight:700;"
    "margin:0 0 5mm}\n"
    ".verdict.nil{border-color:#2f6f4f;background:#eff7f2}\n"
    "h2{font-size:12.5pt;margin:6mm 0 2mm;border-left:3pt solid #2f6f4f;padding-left:2.5mm;"
    "break-after:avoid}\n"
    "table{border-collapse:collapse;width:100%;font-size:9.5pt;font-variant-numeric:tabular-nums}\n"
    "thead{display:table-header-group}\n"
    "tr{break-inside:avoid}\n"
    "th,td{border:.5pt solid #9aa3ab;padding:1mm 2mm;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}\n"
    "th{background:#e9efec;white-space:nowrap}\n"
    "td.n,th.n{text-align:right;white-space:nowrap}\n"
    "td.t{white-space:nowrap}\n"
    "svg{width:100%;height:auto;display:block}\n"
    ".key{font-size:9pt;color:#333;margin:1mm 0 0}\n"
    ".key span{display:inline-block;margin-right:5mm}\n"
    ".key i{display:inline-block;width:4mm;height:2.6mm;margin-right:1.5mm;"
    "border:.5pt solid #777}\n"
    ".notes{font-size:8.5pt;color:#333;margin:5mm 0 0;padding-left:5mm;overflow-wrap:anywhere}\n"
    ".sign{display:flex;gap:12mm;margin:10mm 0 0;break-inside:avoid}\n"
    ".sign span{flex:1;border-bottom:.75pt solid #333;padding-bottom:1mm}\n"
    "@media print{body{padding:0;max-width:none}"
    "*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}\n";

static void write_element(FILE *out, const char *element, const char *attributes, const char *text)
{
    fprintf(out, "<%s%s>", element, attributes);
    markup_text(out, text);
    fprintf(out, "</%s>\n", element);
}

/* --- Bars ------------------------------------------------------------------------- */

static double place_of(const struct report_bar *bar, int64_t frame)
{
    return LABEL_WIDTH +
           (double)(frame - bar->from) * (BAR_WIDTH - LABEL_WIDTH) / (double)(bar->to - bar->from);
}

static void write_bar(FILE *out, const struct report_bar *bar, int y)
{
    fprintf(out, "<text x=\"0\" y=\"%d\" font-size=\"12\">", y + BAR_HEIGHT - 3);
    markup_text(out, bar->label);
    fprintf(out,
            "</text><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#fff\" "
            "stroke=\"#777\" stroke-width=\".5\"/>\n",
            LABEL_WIDTH, y, BAR_WIDTH - LABEL_WIDTH, BAR_HEIGHT);
    for (size_t i = 0; i < bar->part_count; i++) {
        const struct bar_part *part = &bar->parts[i];
        const double x = place_of(bar, part->from);
        const double width = place_of(bar, part->to) - x;
        const bool is_seen = part->colour == BAR_FAULT || part->colour == BAR_HALF;
        if (part->colour != BAR_UNKNOWN) { /* a short fault must not vanish */
            fprintf(out, "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\"/>\n",
                    x, y, is_seen && width < 1.5 ? 1.5 : width, BAR_HEIGHT, colours[part->colour]);
        }
    }
}

static void write_scale(FILE *out, const struct report_bar *bar, const struct zone *zone, int y)
{
    for (int hour = 0; hour <= HOURS; hour += 2) {
        struct civil civil;
        zone_to_civil(zone, bar->from / FRAMES_PER_SECOND, &civil);
        civil.hour = hour;
        const int64_t frame = zone_from_civil(zone, &civil) * FRAMES_PER_SECOND;
        fprintf(out, "<text x=\"%.2f\" y=\"%d\" font-size=\"10\" text-anchor=\"%s\">%d</text>\n",
                place_of(bar, frame), y, hour == HOURS ? "end" : "middle", hour);
    }
}

static void write_bars(FILE *out, const struct report_document *document)
{
    if (document->bar_count == 0) {
        return;
    }
    const int height = (int)document->bar_count * BAR_PITCH + SCALE_HEIGHT;
    write_element(out, "h2", "", _("The day at a glance"));
    fprintf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\">\n", PICTURE_WIDTH, height);
    for (size_t i = 0; i < document->bar_count; i++) {
        write_bar(out, &document->bars[i], (int)i * BAR_PITCH);
    }
    write_scale(out, &document->bars[0], document->zone, height - 4);
    fputs("</svg>\n<p class=\"key\">", out);
    for (int colour = 0; colour < COLOURS; colour++) {
        fprintf(out, "<span><i style=\"background:%s\"></i>", colours[colour]);
        markup_text(out, _(colour_names[colour]));
        fputs("</span>", out);
    }
    fputs("</p>\n", out);
}

/* --- Tables ------------------------------------------------------------------------ */

static bool is_number(enum cell_type type)
{
    return type == CELL_INTEGER || type == CELL_SECONDS;
}

static void write_head(FILE *out, const struct report_table *table)
{
    fputs("<table><thead><tr>", out);
    for (size_t i = 0; i < table->column_count; i++) {
        const bool is_right = is_number(table->cells[i].type);
        fprintf(out, "<th%s>", is_right ? " class=\"n\"" : "");
        markup_text(out, table->columns[i].name);
        fputs("</th>", out);
    }
    fputs("</tr></thead><tbody>\n", out);
}

static void write_table(FILE *out, const struct report_document *document,
                        const struct report_table *table)
{
    char buffer[CELL_TEXT_SIZE];
    write_element(out, "h2", "", table->heading);
    if (table->cell_count == 0) {
        write_element(out, "p", "", _("None."));
        return;
    }
    write_head(out, table);
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        const char *class = is_number(cell->type)     ? " class=\"n\""
                            : cell->type == CELL_TEXT ? ""
                                                      : " class=\"t\"";
        fprintf(out, "%s<td%s>", i % table->column_count == 0 ? "<tr>" : "", class);
        markup_text(out, report_cell_text(cell, document->zone, document->is_of_one_day, buffer));
        fputs((i + 1) % table->column_count == 0 ? "</td></tr>\n" : "</td>", out);
    }
    fputs("</tbody></table>\n", out);
}

static void write_notes(FILE *out, const struct report_document *document)
{
    if (document->note_count == 0) {
        return;
    }
    fputs("<ul class=\"notes\">\n", out);
    for (size_t i = 0; i < document->note_count; i++) {
        write_element(out, "li", "", document->notes[i]);
    }
    fputs("</ul>\n", out);
}

static void write_signatures(FILE *out)
{
    fputs("<div class=\"sign\">", out);
    write_element(out, "span", "", _("On duty:"));
    write_element(out, "span", "", _("Checked by:"));
    write_element(out, "span", "", _("Responsible:"));
    write_element(out, "span", "", _("Date:"));
    fputs("</div>\n", out);
}

void report_write_html(FILE *out, const struct report_document *document)
{
    /* TRANSLATORS: the code of the language of the report: zh-CN for Chinese. */
    fprintf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
            _("en"));
    write_element(out, "title", "", document->title);
    fprintf(out, "<style>\n%s</style>\n</head>\n<body>\n", style);
    write_element(out, "h1", "", document->title);
    fputs("<p class=\"head\">", out);
    for (size_t i = 0; i < document->line_count; i++) {
        fputs(i > 0 ? "<br>" : "", out);
        markup_text(out, document->lines[i]);
    }
    fputs("</p>\n", out);
    write_element(out, "p", document->is_nil ? " class=\"verdict nil\"" : " class=\"verdict\"",
                  document->verdict);
    write_bars(out, document);
    for (size_t i = 0; i < document->table_count; i++) {
        if (document->tables[i].place != TABLE_DATA) {
            write_table(out, document, &document->tables[i]);
        }
    }
    write_notes(out, document);
    write_signatures(out);
    fputs("</body>\n</html>\n", out);
}
