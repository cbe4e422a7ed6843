//! Counts types inside types. wasmparser reads these recursively, without a limit of depth: a file of some hundred
//! kilobytes would end the process.

use wasmparser::{BinaryReader, BinaryReaderError, ComponentType, ComponentTypeDeclaration};

/// How deep types of components and instances may stand in each other. What WIT becomes has two levels; the validator
/// takes 100 levels of any types.
const DEEPEST: usize = 100;

/// The first byte of the type of a component.
const COMPONENT: u8 = 0x41;

/// The first byte of the type of an instance.
const INSTANCE: u8 = 0x42;

/// The first byte of a declaration that is a type.
const TYPE: u8 = 0x01;

/// Counts the types of a section, with those inside of them; `None` where they stand too deep in each other. `offset` is
/// where the section is in its file.
///
/// # Errors
/// The section is not well-formed.
pub(super) fn count_types(section: &[u8], offset: usize) -> Result<Option<u64>, BinaryReaderError> {
    let mut reader = BinaryReader::new(section, offset);
    // How many are left on each level: types on the first, declarations below it.
    let mut open = vec![reader.read_var_u32()?];
    let mut count = 0_u64;
    while let Some(left) = open.last_mut() {
        if *left == 0 {
            open.pop();
            continue;
        }
        *left -= 1;
        let mut ty = reader.clone();
        if open.len() > 1 && ty.read_u8()? != TYPE {
            reader.read::<ComponentTypeDeclaration<'_>>()?;
            continue;
        }
        count += 1;
        let mut content = ty.clone();
        if matches!(content.read_u8()?, COMPONENT | INSTANCE) {
            open.push(content.read_var_u32()?);
            reader = content;
            if open.len() > DEEPEST {
                return Ok(None);
            }
        } else {
            ty.read::<ComponentType<'_>>()?;
            reader = ty;
        }
    }
    Ok(Some(count))
}
