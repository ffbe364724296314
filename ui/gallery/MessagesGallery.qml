import QtQuick
import QtQuick.Layouts
import Cms.Components

GalleryPage {
    title: "Messages"

    Toast {
        Layout.fillWidth: true
        text: "Draft saved"
    }
    Toast {
        Layout.fillWidth: true
        icon: "archive"
        text: "3 contracts archived"
        action: "Undo"
    }
    Strip {
        Layout.fillWidth: true
        text: "Ledger node not reachable since 10:12. Signing works. New anchors wait, nothing is lost."
        action: "Try again"
    }
    Strip {
        Layout.fillWidth: true
        kind: "alarm"
        text: "The server showed two histories of one log. Both are kept as evidence."
        action: "Compare"
    }
    ProgressRow {
        Layout.fillWidth: true
        text: "Verifying 312 evidence files"
        note: "204 of 312"
        value: 204 / 312
    }
    ProgressRow {
        Layout.fillWidth: true
        text: "Waiting for the ledger"
        note: "submitted 10:34"
        value: 0.3
        waiting: true
        cancellable: false
    }
    EmptyState {
        Layout.fillWidth: true
        title: "No contracts yet"
        text: "Contracts that you draft or receive stand here, with their state and who is next."

        CmsButton {
            kind: "primary"
            icon: "plus"
            text: "New contract"
        }
        CmsButton {
            kind: "quiet"
            text: "Look at the sample"
        }
    }
    DropZone {
        title: "Let go to verify"
        text: ".cmsproof, our PDF, or a digest"
    }
}
