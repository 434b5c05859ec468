// Packs the one mesh of a GLB with Draco, by the encoder that comes with three: node draco.mjs IN OUT
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';

const [source, target] = process.argv.slice(2);
const file = readFileSync(source);
const jsonSize = file.readUInt32LE(12);
const document = JSON.parse(file.subarray(20, 20 + jsonSize));
const binary = file.subarray(28 + jsonSize);
const primitive = document.meshes[0].primitives[0];
const READ = { 5121: Uint8Array, 5123: Uint16Array, 5125: Uint32Array, 5126: Float32Array };
const WIDTH = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 };

function values(number) {
  const { bufferView, byteOffset = 0, componentType, count, type } = document.accessors[number];
  const start = (document.bufferViews[bufferView].byteOffset ?? 0) + byteOffset;
  const Kind = READ[componentType];
  const size = count * WIDTH[type] * Kind.BYTES_PER_ELEMENT;
  return new Kind(new Uint8Array(binary.subarray(start, start + size)).buffer);
}

// It is a plain script for a page, and no module.
const program = createRequire(import.meta.url).resolve('three/examples/jsm/libs/draco/gltf/draco_encoder.js');
runInThisContext(readFileSync(program, 'utf8'));
const draco = DracoEncoderModule();
const builder = new draco.MeshBuilder();
const encoder = new draco.Encoder();
const mesh = new draco.Mesh();
const { POSITION, NORMAL, TEXCOORD_0 } = primitive.attributes;
const count = document.accessors[POSITION].count;
const indices = Uint32Array.from(values(primitive.indices));
builder.AddFacesToMesh(mesh, indices.length / 3, indices);
const attributes = {
  POSITION: builder.AddFloatAttributeToMesh(mesh, draco.POSITION, count, 3, values(POSITION)),
  NORMAL: builder.AddFloatAttributeToMesh(mesh, draco.NORMAL, count, 3, values(NORMAL)),
  TEXCOORD_0: builder.AddFloatAttributeToMesh(mesh, draco.TEX_COORD, count, 2, values(TEXCOORD_0)),
};
const out = new draco.DracoInt8Array();
const length = encoder.EncodeMeshToDracoBuffer(mesh, out);
if (length === 0) throw new Error('nothing was packed');
const packed = Buffer.from(Int8Array.from({ length }, (_, at) => out.GetValue(at)).buffer);

document.bufferViews.push({ buffer: 0, byteOffset: binary.length, byteLength: length });
const extension = { bufferView: document.bufferViews.length - 1, attributes };
primitive.attributes = { POSITION, NORMAL, TEXCOORD_0 };
primitive.extensions = { KHR_draco_mesh_compression: extension };
for (const number of [POSITION, NORMAL, TEXCOORD_0, primitive.indices]) delete document.accessors[number].bufferView;
document.extensionsUsed = document.extensionsRequired = ['KHR_draco_mesh_compression'];

const body = Buffer.concat([binary, packed, Buffer.alloc(-length & 3)]);
document.buffers = [{ byteLength: body.length }];
let json = Buffer.from(JSON.stringify(document));
json = Buffer.concat([json, Buffer.alloc(-json.length & 3, ' ')]);
const numbers = (...all) => Buffer.from(Uint32Array.from(all).buffer);
writeFileSync(target, Buffer.concat([
  Buffer.from('glTF'), numbers(2, 28 + json.length + body.length),
  numbers(json.length, 0x4e4f534a), json, numbers(body.length, 0x004e4942), body,
]));
