/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_xml.h"

#include "scheduler/import/import_text.h"

#include <libxml/xmlreader.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_MOST = 4000000 };

struct import_xml {
    xmlTextReaderPtr reader;
    int nodes;
    bool is_ending; /* an empty element has been told to start, and not to end */
    bool is_broken;
};

/* What is wrong is told by the return values; the library would print it. */
static void be_silent(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

__attribute__((format(printf, 2, 3))) static void print_nothing(void *context, const char *format,
                                                                ...)
{
    (void)context;
    (void)format;
}

struct import_xml *import_xml_open(const void *bytes, size_t size)
{
    struct import_xml *xml = calloc(1, sizeof(*xml));
    if (xml == NULL || size > INT_MAX) {
        free(xml);
        return NULL;
    }
    /* Of this thread: errors of encodings are not reported to the reader. */
    xmlSetStructuredErrorFunc(NULL, be_silent);
    xmlSetGenericErrorFunc(NULL, print_nothing);
    xml->reader = xmlReaderForMemory(bytes, (int)size, NULL, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                         XML_PARSE_COMPACT);
    if (xml->reader == NULL) {
        free(xml);
        return NULL;
    }
    xmlTextReaderSetStructuredErrorHandler(xml->reader, be_silent, NULL);
    return xml;
}

void import_xml_close(struct import_xml *xml)
{
    if (xml != NULL) {
        xmlFreeTextReader(xml->reader);
        free(xml);
    }
}

/* What a node means here; DONE for one that means nothing. */
static enum import_xml_event event_of(struct import_xml *xml)
{
    switch (xmlTextReaderNodeType(xml->reader)) {
    case XML_READER_TYPE_ELEMENT:
        xml->is_ending = xmlTextReaderIsEmptyElement(xml->reader) == 1;
        return IMPORT_XML_START;
    case XML_READER_TYPE_END_ELEMENT:
        return IMPORT_XML_END;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        return IMPORT_XML_TEXT;
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY_REFERENCE:
        return IMPORT_XML_BROKEN;
    default:
        return IMPORT_XML_DONE;
    }
}

enum import_xml_event import_xml_next(struct import_xml *xml)
{
    if (xml->is_broken) {
        return IMPORT_XML_BROKEN;
    }
    if (xml->is_ending) {
        xml->is_ending = false;
        return IMPORT_XML_END;
    }
    for (;;) {
        const int got = xmlTextReaderRead(xml->reader);
        if (got == 0) {
            return IMPORT_XML_DONE;
        }
        const enum import_xml_event event =
            got < 0 || ++xml->nodes > NODES_MOST ? IMPORT_XML_BROKEN : event_of(xml);
        xml->is_broken = event == IMPORT_XML_BROKEN;
        if (event != IMPORT_XML_DONE) {
            return event;
        }
    }
}

bool import_xml_is(const struct import_xml *xml, const char *name)
{
    const xmlChar *own = xmlTextReaderConstLocalName(xml->reader);
    return own != NULL && strcmp((const char *)own, name) == 0;
}

int import_xml_line(const struct import_xml *xml)
{
    return xmlTextReaderGetParserLineNumber(xml->reader);
}

const char *import_xml_text(const struct import_xml *xml)
{
    const xmlChar *text = xmlTextReaderConstValue(xml->reader);
    return text != NULL ? (const char *)text : "";
}

bool import_xml_attribute(const struct import_xml *xml, const char *name, char *value, size_t size)
{
    value[0] = '\0';
    if (xmlTextReaderMoveToFirstAttribute(xml->reader) != 1) {
        return false;
    }
    bool is_found = false;
    do {
        const xmlChar *own = xmlTextReaderConstLocalName(xml->reader);
        const xmlChar *text = xmlTextReaderConstValue(xml->reader);
        if (own != NULL && text != NULL && strcmp((const char *)own, name) == 0) {
            snprintf(value, size, "%.*s", (int)import_text_fitting((const char *)text, size - 1),
                     (const char *)text);
            is_found = true;
        }
    } while (!is_found && xmlTextReaderMoveToNextAttribute(xml->reader) == 1);
    xmlTextReaderMoveToElement(xml->reader);
    return is_found;
}
