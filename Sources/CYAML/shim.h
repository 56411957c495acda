// shim.h - libyaml's events one at a time, over a copy of the text; what is made here is freed here.
#pragma once

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

// A parser, its text, and the event it came to last.
typedef struct {
  yaml_parser_t parser;
  yaml_event_t event;
  unsigned char *text;
} cyaml_reader;

// Gives memory back; NULL is allowed. A freed event is one of no type, so that freeing it again does nothing.
static inline void cyaml_close(cyaml_reader *reader) {
  if (!reader) return;
  yaml_event_delete(&reader->event);
  yaml_parser_delete(&reader->parser);
  free(reader->text);
  free(reader);
}

// A reader of a text, or NULL when there is no memory.
static inline cyaml_reader *cyaml_open(const unsigned char *text, size_t count) {
  cyaml_reader *reader = (cyaml_reader *)calloc(1, sizeof(cyaml_reader));
  if (!reader) return NULL;
  reader->text = (unsigned char *)malloc(count ? count : 1);
  if (!reader->text || !yaml_parser_initialize(&reader->parser)) {
    free(reader->text);
    free(reader);
    return NULL;
  }
  if (count) memcpy(reader->text, text, count);
  yaml_parser_set_input_string(&reader->parser, reader->text, count);
  return reader;
}

// Goes on to the next event; 0 when the text is wrong there.
static inline int cyaml_next(cyaml_reader *reader) {
  yaml_event_delete(&reader->event);
  return yaml_parser_parse(&reader->parser, &reader->event);
}
