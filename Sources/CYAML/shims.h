// The system's libyaml as Swift sees it: the characters of a YAML text in, its events out.
#ifndef CYAML_SHIMS_H
#define CYAML_SHIMS_H

#include <yaml.h>

#endif
