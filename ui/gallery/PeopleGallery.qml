import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

GalleryPage {
    title: "People and papers"

    RowLayout {
        spacing: Theme.space(2)

        PartyCard {
            name: "Katrin Ostermann, you"
            second: "Ostermann Webwerk GmbH"
            part: "Signer, step 1"
            note: "signs now"
            next: true
        }
        PartyCard {
            name: "Idris Calloway"
            second: "Calloway Orchard Foods Ltd"
            part: "Signer, step 2"
            mark: "passed"
            markText: "Signed"
        }
    }
    RowLayout {
        TableHeader {
            text: "Title"
            sortable: true
            sorted: true
            descending: true
        }
        TableHeader {
            text: "Ends"
        }
    }
    Hairline {
        Layout.fillWidth: true
        strong: true
    }
    RedlineText {
        Layout.fillWidth: true
        segments: [
            {
                "change": "equal",
                "text": "due within "
            },
            {
                "change": "delete",
                "text": "14"
            },
            {
                "change": "equal",
                "text": " "
            },
            {
                "change": "insert",
                "text": "21"
            },
            {
                "change": "equal",
                "text": " days"
            }
        ]
    }
    Paper {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.space(24)

        T {
            role: "paperTitle"
            text: "Services agreement: online shop"
        }
    }
    RowLayout {
        spacing: Theme.space(3)

        QrCode {
            name: "an address"
            rows: ["1110111", "1010101", "1110111", "0001000", "1110101", "1010011", "1110110"]
        }
        Placeholder {
            text: "What to type"
        }
        T {
            role: "monoWords"
            text: "amber falcon river"
        }
    }
    PageHeader {
        Layout.fillWidth: true
        title: "Services agreement"
        serif: true
        back: true
        badge: "active"

        CmsButton {
            text: "Export"
        }
    }
}
