/* SPDX-License-Identifier: MIT */
#include "playout/version.h"

#ifndef KETANG_VERSION
#define KETANG_VERSION "unknown"
#endif

const char *version_text(void)
{
    return KETANG_VERSION;
}
