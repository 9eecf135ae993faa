/* SPDX-License-Identifier: MIT */
/*
 * import_xml: XML of strangers, element by element.
 *
 * Nothing is loaded from elsewhere, no document type or entity of its own is
 * accepted, and the number of nodes is bounded.  Names are local ones, without
 * their namespace.
 */
#ifndef SCHEDULER_IMPORT_XML_H
#define SCHEDULER_IMPORT_XML_H

#include <stdbool.h>
#include <stddef.h>

enum import_xml_event {
    IMPORT_XML_START, /* an element; an empty one has an END too */
    IMPORT_XML_END,
    IMPORT_XML_TEXT,
    IMPORT_XML_DONE,
    IMPORT_XML_BROKEN, /* not well-formed, or not acceptable */
};

struct import_xml;

/* `bytes` stay the caller's and must stay.  NULL when out of memory. */
struct import_xml *import_xml_open(const void *bytes, size_t size);
void import_xml_close(struct import_xml *xml); /* accepts NULL */

enum import_xml_event import_xml_next(struct import_xml *xml);

/* Of the element that started or ended. */
bool import_xml_is(const struct import_xml *xml, const char *name);

/* The line where the reader is, from 1. */
int import_xml_line(const struct import_xml *xml);

/* The text of TEXT; valid until the next call. */
const char *import_xml_text(const struct import_xml *xml);

/* An attribute of the element that started, cut to `size`; false and "" when it has none. */
bool import_xml_attribute(const struct import_xml *xml, const char *name, char *value, size_t size);

#endif
