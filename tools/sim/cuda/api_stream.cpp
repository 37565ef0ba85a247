// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Streams and events: work is put off until somebody waits for it.

#include "driver.h"

#include <algorithm>
#include <chrono>

using namespace cudasim;

namespace cudasim {

CUstream_st *streamOf(CUstream handle) {
  CUctx_st *context = currentContext();
  auto value = reinterpret_cast<uintptr_t>(handle);
  if (value == 0 || value == CU_STREAM_LEGACY)
    return context->legacy;
  if (value == CU_STREAM_PER_THREAD)
    return context->perThread;
  auto &all = context->streams;
  auto it = std::find(all.begin(), all.end(), handle);
  return it == all.end() || handle->destroyed ? nullptr : handle;
}

static void invalidate(Capture &capture) { capture.invalid = true; }

int enqueue(CUstream_st *stream, std::function<int()> run,
            std::vector<std::pair<CUstream_st *, uint64_t>> after) {
  CUctx_st *context = stream->context;
  if (context->error)
    return context->error;
  if (stream->capture) {
    if (stream->capture->invalid)
      return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    stream->capture->graph->nodes.push_back(std::move(run));
    stream->joined = stream == stream->capture->origin;
    return CUDA_SUCCESS;
  }
  if (stream == context->legacy) {
    // The default stream waits for every blocking stream, and they for it.
    for (CUstream_st *other : context->streams) {
      if (other == stream || other->nonBlocking || other->destroyed)
        continue;
      if (other->capture) {
        invalidate(*other->capture);
        return CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
      }
      after.push_back({other, other->enqueued});
    }
  } else if (!stream->nonBlocking) {
    after.push_back({context->legacy, context->legacy->enqueued});
  }
  stream->work.push_back(Work{std::move(run), std::move(after)});
  ++stream->enqueued;
  return CUDA_SUCCESS;
}

void runUntil(CUstream_st *stream, uint64_t last) {
  while (stream->done < last && !stream->work.empty()) {
    Work work = std::move(stream->work.front());
    stream->work.pop_front();
    for (auto &[other, number] : work.after)
      runUntil(other, number);
    if (!stream->context->error)
      if (int e = work.run())
        stream->context->error = e;
    ++stream->done;
  }
}

int runAll(CUctx_st *context) {
  for (size_t i = 0; i < context->streams.size(); ++i)
    runUntil(context->streams[i], context->streams[i]->enqueued);
  return context->error;
}

int refuseDuringCapture() {
  bool capturing = false;
  for (CUstream_st *stream : currentContext()->streams)
    if (stream->capture && stream->capture->mode != 2) { // not relaxed
      invalidate(*stream->capture);
      capturing = true;
    }
  return capturing ? CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED : CUDA_SUCCESS;
}

int refuseWaiting(CUstream_st *stream) {
  if (stream->capture) {
    invalidate(*stream->capture);
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  }
  if (stream == stream->context->legacy)
    return refuseDuringCapture();
  return CUDA_SUCCESS;
}

} // namespace cudasim

GEMEL_API CUresult cuStreamCreateWithPriority(CUstream *out, unsigned flags,
                                              int priority) {
  GEMEL_CONTEXT;
  if (!out || flags > CU_STREAM_NON_BLOCKING)
    return CUDA_ERROR_INVALID_VALUE;
  auto *stream = new CUstream_st;
  stream->context = currentContext();
  stream->nonBlocking = flags & CU_STREAM_NON_BLOCKING;
  stream->priority = priority;
  currentContext()->streams.push_back(stream);
  *out = stream;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuStreamCreate(CUstream *out, unsigned flags) {
  return cuStreamCreateWithPriority(out, flags, 0);
}

GEMEL_API CUresult cuCtxGetStreamPriorityRange(int *least, int *greatest) {
  GEMEL_CONTEXT;
  if (least)
    *least = 0;
  if (greatest)
    *greatest = -5;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuStreamDestroy_v2(CUstream handle) {
  GEMEL_LOCK;
  if (!currentContext())
    return CUDA_ERROR_INVALID_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!stream || stream == currentContext()->legacy ||
      stream == currentContext()->perThread)
    return CUDA_ERROR_INVALID_HANDLE;
  // Its work is still done; others may refer to it.
  runUntil(stream, stream->enqueued);
  stream->destroyed = true;
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuStreamDestroy, cuStreamDestroy_v2)

GEMEL_API CUresult cuStreamSynchronize(CUstream handle) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (int e = refuseWaiting(stream))
    return e;
  runUntil(stream, stream->enqueued);
  if (stream == currentContext()->legacy)
    for (size_t i = 0; i < currentContext()->streams.size(); ++i)
      if (CUstream_st *s = currentContext()->streams[i]; !s->nonBlocking)
        runUntil(s, s->enqueued);
  return stream->context->error;
}

/// A host that asks lets the device do one thing, so that asking ends.
static int progress(CUstream_st *stream, uint64_t last) {
  if (stream->done < last)
    runUntil(stream, stream->done + 1);
  if (stream->context->error)
    return stream->context->error;
  return stream->done < last ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS;
}

GEMEL_API CUresult cuStreamQuery(CUstream handle) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (int e = refuseWaiting(stream))
    return e;
  return progress(stream, stream->enqueued);
}

GEMEL_API CUresult cuStreamGetCtx(CUstream handle, CUcontext *context) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!context)
    return CUDA_ERROR_INVALID_VALUE;
  *context = stream->context;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuStreamGetFlags(CUstream handle, unsigned *flags) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!stream || !flags)
    return CUDA_ERROR_INVALID_HANDLE;
  *flags = stream->nonBlocking;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuStreamGetPriority(CUstream handle, int *priority) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!stream || !priority)
    return CUDA_ERROR_INVALID_HANDLE;
  *priority = stream->priority;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuEventCreate(CUevent *out, unsigned flags) {
  GEMEL_CONTEXT;
  if (!out)
    return CUDA_ERROR_INVALID_VALUE;
  *out = new CUevent_st;
  (*out)->flags = flags;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuEventDestroy_v2(CUevent event) {
  GEMEL_LOCK;
  if (!event)
    return CUDA_ERROR_INVALID_HANDLE;
  delete event;
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuEventDestroy, cuEventDestroy_v2)

GEMEL_API CUresult cuEventRecord(CUevent event, CUstream handle) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!event || !stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (stream->capture) {
    if (stream->capture->invalid)
      return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    event->captured = true;
    event->capture = stream->capture;
    event->stream = stream;
    return CUDA_SUCCESS;
  }
  auto ns = std::make_shared<uint64_t>(0);
  int e = enqueue(stream, [ns] {
    *ns = static_cast<uint64_t>(
        std::chrono::steady_clock::now().time_since_epoch().count());
    return CUDA_SUCCESS;
  });
  if (e)
    return e;
  event->captured = false;
  event->stream = stream;
  event->number = stream->enqueued;
  event->ns = ns;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuStreamWaitEvent(CUstream handle, CUevent event, unsigned) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!event || !stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!event->stream)
    return CUDA_SUCCESS;
  if (event->captured) {
    std::shared_ptr<Capture> capture = event->capture.lock();
    if (!capture)
      return CUDA_ERROR_CAPTURED_EVENT;
    if (stream->capture && stream->capture != capture) {
      invalidate(*stream->capture);
      invalidate(*capture);
      return CUDA_ERROR_STREAM_CAPTURE_MERGE;
    }
    if (!stream->capture) {
      if (stream == currentContext()->legacy)
        return CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
      stream->capture = capture;
      stream->joined = false;
      capture->streams.push_back(stream);
    }
    // Nodes stand in the order of capture, which respects this edge.
    event->stream->joined = true;
    return CUDA_SUCCESS;
  }
  if (stream->capture) {
    invalidate(*stream->capture);
    return CUDA_ERROR_STREAM_CAPTURE_ISOLATION;
  }
  return enqueue(stream, [] { return int(CUDA_SUCCESS); },
                 {{event->stream, event->number}});
}

GEMEL_API CUresult cuEventSynchronize(CUevent event) {
  GEMEL_CONTEXT;
  if (!event)
    return CUDA_ERROR_INVALID_HANDLE;
  if (event->captured) {
    if (auto capture = event->capture.lock())
      invalidate(*capture);
    return CUDA_ERROR_CAPTURED_EVENT;
  }
  if (event->stream)
    runUntil(event->stream, event->number);
  return currentContext()->error;
}

GEMEL_API CUresult cuEventQuery(CUevent event) {
  GEMEL_CONTEXT;
  if (!event)
    return CUDA_ERROR_INVALID_HANDLE;
  if (event->captured) {
    if (auto capture = event->capture.lock())
      invalidate(*capture);
    return CUDA_ERROR_CAPTURED_EVENT;
  }
  return event->stream ? progress(event->stream, event->number) : CUDA_SUCCESS;
}

GEMEL_API CUresult cuEventElapsedTime(float *ms, CUevent start, CUevent end) {
  GEMEL_CONTEXT;
  if (!start || !end || !ms || !start->ns || !end->ns ||
      ((start->flags | end->flags) & CU_EVENT_DISABLE_TIMING))
    return CUDA_ERROR_INVALID_HANDLE;
  if (!*start->ns || !*end->ns)
    return CUDA_ERROR_NOT_READY;
  *ms = static_cast<float>(static_cast<double>(*end->ns - *start->ns) * 1e-6);
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuEventElapsedTime_v2, cuEventElapsedTime)
