/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* One launch from plain C: what a cross-built runtime is tried with. */
#include <gemel/runtime.h>

#include <stdio.h>

extern const gemel_manifest_desc HANDMADE_MANIFEST;

static int check(gemel_status status) {
  if (status != GEMEL_OK)
    printf("%s\n", gemel_last_error());
  return status == GEMEL_OK;
}

int main(void) {
  enum { N = 1000 };
  static float x[N] __attribute__((aligned(16)));
  static float y[N] __attribute__((aligned(16)));
  static float z[N] __attribute__((aligned(16)));
  for (int i = 0; i < N; ++i)
    x[i] = (float)i, y[i] = 0.5f, z[i] = -1.0f;
  gemel_device *device;
  gemel_library *library;
  const gemel_op *op;
  if (!check(gemel_device_open("cpu:2", &device)) ||
      !check(gemel_library_from_manifest(&HANDMADE_MANIFEST, &library)) ||
      !check(gemel_library_op(library, device, "scale_add", &op)))
    return 1;
  int64_t size = N;
  float scale = 2.0f;
  gemel_array in = {x, GEMEL_F32, 1, &size, 0, device};
  gemel_array more = {y, GEMEL_F32, 1, &size, 0, device};
  gemel_array out = {z, GEMEL_F32, 1, &size, 0, device};
  const void *arguments[] = {&in, &more, &scale, /* b = 2 */ 0, &out};
  if (!check(gemel_launch(op, arguments, 5, 0, 0, gemel_device_stream(device))))
    return 1;
  for (int i = 0; i < N; ++i)
    if (z[i] != 2.0f * x[i] + 1.0f) {
      printf("z[%d] is %g\n", i, z[i]);
      return 1;
    }
  gemel_array wrong = {z, GEMEL_I32, 1, &size, 0, device};
  arguments[4] = &wrong;
  gemel_status refused =
      gemel_launch(op, arguments, 5, 0, 0, gemel_device_stream(device));
  printf("%d elements; then: %s\n", N, gemel_last_error());
  gemel_library_close(library);
  gemel_device_close(device);
  return refused == GEMEL_WRONG_DTYPE ? 0 : 1;
}
