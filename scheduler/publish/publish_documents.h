/* SPDX-License-Identifier: MIT */
/* publish_documents: the files of an edition. */
#ifndef SCHEDULER_PUBLISH_DOCUMENTS_H
#define SCHEDULER_PUBLISH_DOCUMENTS_H

#include "playout/timeline.h"
#include "scheduler/publish/publish.h"
#include "scheduler/publish/publish_edition.h"

/*
 * Writes what the request asks for, each file by temporary name and rename;
 * folders are made.  `timelines` are those of the station's services, NULL
 * where there is none.  Counts outcome->documents.  0, -ENXIO as publish(), or
 * -errno.
 */
int publish_documents(const struct publish_request *request, const struct edition *edition,
                      struct timeline *const *timelines, struct publish_outcome *outcome);

/* Writes FOLDER/NAME from a text.  0 or -errno. */
int publish_write_text(const char *folder, const char *name, const char *text);

#endif
