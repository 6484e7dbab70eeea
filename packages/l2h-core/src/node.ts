export { appendCodes, loadCodes, saveCodes } from './files/node.js';
