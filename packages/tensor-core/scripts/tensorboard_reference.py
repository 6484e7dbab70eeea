"""Reads a folder of event files as TensorBoard does and prints what it found as JSON: python tensorboard_reference.py FOLDER"""

import io
import json
import sys

from PIL import Image
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.util import tensor_util


def plain(plugin, array):
    if plugin == "scalars":
        return float(array)
    if plugin == "text":
        return array.reshape(-1)[0].decode("utf-8")
    if plugin == "images":
        width, height, *encoded = array.tolist()
        pictures = [Image.open(io.BytesIO(each)) for each in encoded]
        return {
            "size": [int(height), int(width)],
            "modes": [picture.mode for picture in pictures],
            "pixels": [list(picture.tobytes()) for picture in pictures],
        }
    return array.tolist()


accumulator = EventAccumulator(sys.argv[1], size_guidance={"tensors": 0})
accumulator.Reload()
found = {}
for tag in accumulator.Tags()["tensors"]:
    plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
    found[tag] = {
        "plugin": plugin,
        "events": [
            [event.step, plain(plugin, tensor_util.make_ndarray(event.tensor_proto))]
            for event in accumulator.Tensors(tag)
        ],
    }
print(json.dumps(found))
