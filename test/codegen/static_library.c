/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A user's program with the library linked in, as C that gemelc wrote. */
#include "norm.h"

#include <stdio.h>

static int check(gemel_status status) {
  if (status != GEMEL_OK)
    printf("%s\n", gemel_last_error());
  return status == GEMEL_OK;
}

int main(void) {
  gemel_device *device;
  gemel_library *library;
  const gemel_op *softmax;
  if (!check(gemel_device_open("cpu:1", &device)) ||
      !check(gemel_library_from_manifest(&gemel_manifest_norm, &library)) ||
      !check(gemel_library_op(library, device, "softmax", &softmax)))
    return 1;
  float values[3] = {0, 1, 2}, results[3] = {-1, -1, -1};
  int64_t sizes[2] = {1, 3};
  gemel_array x = {values, GEMEL_F32, 2, sizes, 0, device};
  gemel_array y = {results, GEMEL_F32, 2, sizes, 0, device};
  if (!check(
          softmax_launch(softmax, &x, &y, 0, 0, gemel_device_stream(device))))
    return 1;
  printf("softmax of 0 1 2: %.4f %.4f %.4f\n", results[0], results[1],
         results[2]);
  gemel_library_close(library);
  gemel_device_close(device);
  return 0;
}
